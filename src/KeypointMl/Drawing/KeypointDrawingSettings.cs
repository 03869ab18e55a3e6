namespace KeypointMl;

/// <summary>All that a drawing transform is made of; what its saved form holds.</summary>
internal sealed record KeypointDrawingSettings(string OutputColumn, string ImageColumn, string KeypointsColumn, KeypointDrawingOptions Options);
