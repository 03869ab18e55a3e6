using KeypointMl.Rows;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>A row with the picture that a transform made.</summary>
internal sealed class DrawnRow
{
    public int Number { get; set; }

    [AnyImage]
    public MLImage? Picture { get; set; }
}
