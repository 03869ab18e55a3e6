using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

internal sealed class NumberedEncodedRow
{
    public int Number { get; set; }

    [VectorType]
    public byte[]? Bytes { get; set; }
}
