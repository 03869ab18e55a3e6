using KeypointMl.Keypoints;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Drawing;

/// <summary>Draws keypoints and their skeleton on copies of the images. Made by <c>mlContext.Transforms.DrawKeypoints</c>.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Estimator characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No; it takes
/// the skeleton from the schema</description></item>
/// <item><term>Input column data type</term><description><see cref="MLImage"/>, text (a file's path) or a vector of
/// bytes (an encoded image); a vector of K×2 or K×3 <see cref="float"/>; optionally one of K</description></item>
/// <item><term>Output column data type</term><description><see cref="MLImage"/> of the input image's size</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ImageAnalytics</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class KeypointDrawingEstimator : RowEstimator<KeypointDrawingTransformer>
{
    private readonly KeypointDrawingSettings settings;

    internal KeypointDrawingEstimator(KeypointDrawingSettings settings)
    {
        settings.Check();
        this.settings = settings;
    }

    private protected override KeypointDrawingTransformer Make(DataViewSchema input)
    {
        KeypointColumn keypoints = KeypointColumn.Find(input, settings.KeypointsColumn, settings.Options.Skeleton);
        var transformer = new KeypointDrawingTransformer(settings with
        {
            Options = settings.Options with { Skeleton = keypoints.Skeleton },
        });
        transformer.GetOutputSchema(input);
        return transformer;
    }

    private protected override IEnumerable<SchemaShape.Column> Describe(SchemaShape input)
    {
        ImageColumns.Check(input, settings.ImageColumn);
        KeypointColumn.Check(input, settings.KeypointsColumn);
        if (settings.Options.ConfidenceColumnName is { } confidence)
            ConfidenceColumn.Check(input, confidence);
        return [MlNetInternals.Scalar(settings.OutputColumn, new ImageDataViewType())];
    }
}
