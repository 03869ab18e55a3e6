using KeypointMl.Rows;
using Microsoft.ML.Data;

namespace KeypointMl.Benchmarks;

/// <summary>A row of the view that is measured: an image in memory.</summary>
internal sealed class ImageRow
{
    [AnyImage]
    public MLImage? Image { get; set; }
}
