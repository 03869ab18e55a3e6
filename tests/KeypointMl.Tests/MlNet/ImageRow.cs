using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Tests.MlNet;

internal sealed class ImageRow
{
    public int Number { get; set; }

    public string Name { get; set; } = "";

    [VectorType]
    public float[] Values { get; set; } = [];

    [ImageType(TestModels.Height, TestModels.Width)]
    public MLImage? Image { get; set; }
}
