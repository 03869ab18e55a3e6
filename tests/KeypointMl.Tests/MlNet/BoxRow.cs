using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Tests.MlNet;

internal sealed class BoxRow
{
    public int Number { get; set; }

    public string Path { get; set; } = "";

    [ImageType(TestModels.Height, TestModels.Width)]
    public MLImage? Image { get; set; }

    [VectorType]
    public float[]? Box { get; set; }
}
