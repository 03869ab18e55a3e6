using KeypointMl.Keypoints;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Rendering;

/// <summary>
/// Draws the skeleton picture of keypoints: clean lines, or the paper's β (equation 2). Made by
/// <c>mlContext.Transforms.RenderSkeleton</c>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Estimator characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No; it takes
/// the skeleton from the schema</description></item>
/// <item><term>Input column data type</term><description>A vector of K×2 or K×3 <see cref="float"/></description></item>
/// <item><term>Output column data type</term><description><see cref="MLImage"/> of the size that the options say</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ImageAnalytics</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class SkeletonRenderingEstimator : RowEstimator<SkeletonRenderingTransformer>
{
    private readonly SkeletonRenderingSettings settings;

    internal SkeletonRenderingEstimator(SkeletonRenderingSettings settings)
    {
        settings.Check();
        this.settings = settings;
    }

    private protected override SkeletonRenderingTransformer Make(DataViewSchema input)
    {
        KeypointColumn keypoints = KeypointColumn.Find(input, settings.KeypointsColumn, settings.Options.Skeleton);
        return new SkeletonRenderingTransformer(settings with { Options = settings.Options with { Skeleton = keypoints.Skeleton } });
    }

    private protected override IEnumerable<SchemaShape.Column> Describe(SchemaShape input)
    {
        KeypointColumn.Check(input, settings.KeypointsColumn);
        return [MlNetInternals.Scalar(settings.OutputColumn, new ImageDataViewType(settings.Options.Height, settings.Options.Width))];
    }
}
