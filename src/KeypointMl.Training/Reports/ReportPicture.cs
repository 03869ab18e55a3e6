namespace KeypointMl.Training;

/// <summary>A picture of the report.</summary>
/// <param name="Title">Such as <c>After 500 steps</c>.</param>
/// <param name="Png">A PNG file's bytes.</param>
public sealed record ReportPicture(string Title, ReadOnlyMemory<byte> Png);
