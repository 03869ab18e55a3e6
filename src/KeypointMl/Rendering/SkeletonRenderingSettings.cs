namespace KeypointMl;

/// <summary>All that a rendering transform is made of; what its saved form holds.</summary>
internal sealed record SkeletonRenderingSettings(string OutputColumn, string KeypointsColumn, SkeletonRenderingOptions Options);
