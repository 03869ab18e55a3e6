using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

internal sealed class EncodedRow
{
    [VectorType]
    public byte[] Bytes { get; set; } = [];
}
