using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Tests.MlNet;

/// <summary>An image with keypoints of <see cref="TestModels.Skeleton"/>, as an application has them: without annotations.</summary>
internal sealed class PoseRow
{
    public int Number { get; set; }

    [ImageType(TestModels.Height, TestModels.Width)]
    public MLImage? Image { get; set; }

    public string Path { get; set; } = "";

    [VectorType(6)]
    public float[] Keypoints { get; set; } = new float[6];

    [VectorType(3)]
    public float[] Confidence { get; set; } = new float[3];

    [VectorType(9)]
    public float[] Interleaved { get; set; } = new float[9];
}
