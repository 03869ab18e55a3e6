using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

internal sealed class EvaluationRow
{
    [VectorType]
    public float[] Keypoints { get; set; } = [];

    [VectorType]
    public float[] Label { get; set; } = [];

    public string Group { get; set; } = "";

    [VectorType]
    public float[] Size { get; set; } = [];

    public string Video { get; set; } = "";

    [VectorType]
    public float[] Scale { get; set; } = [];
}
