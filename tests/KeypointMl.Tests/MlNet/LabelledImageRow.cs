using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Tests.MlNet;

internal sealed class LabelledImageRow
{
    [ImageType(TestModels.Height, TestModels.Width)]
    public MLImage? Image { get; set; }

    [VectorType]
    public float[] Label { get; set; } = [];
}
