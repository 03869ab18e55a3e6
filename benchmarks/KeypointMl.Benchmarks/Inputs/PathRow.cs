namespace KeypointMl.Benchmarks;

/// <summary>A row of the view that is measured: an image file.</summary>
internal sealed class PathRow
{
    public string Path { get; set; } = "";
}
