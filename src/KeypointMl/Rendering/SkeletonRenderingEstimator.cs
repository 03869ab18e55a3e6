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
public sealed class SkeletonRenderingEstimator : IEstimator<SkeletonRenderingTransformer>
{
    private readonly SkeletonRenderingSettings settings;

    internal SkeletonRenderingEstimator(SkeletonRenderingSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(settings.OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(settings.KeypointsColumn);
        settings.Options.Validate();
        this.settings = settings;
    }

    /// <summary>Makes the transformer: checks the column and takes the skeleton from it. Nothing is learnt.</summary>
    /// <param name="input">Data whose schema has the column of keypoints.</param>
    /// <exception cref="ArgumentException">The column is missing or unsuitable, or it is not known what its keypoints are.</exception>
    public SkeletonRenderingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        KeypointColumn keypoints = KeypointColumn.Find(input.Schema, settings.KeypointsColumn, settings.Options.Skeleton);
        return new SkeletonRenderingTransformer(settings with { Options = settings.Options with { Skeleton = keypoints.Skeleton } });
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        KeypointColumn.Check(inputSchema, settings.KeypointsColumn);
        return inputSchema.With(
            MlNetInternals.Scalar(settings.OutputColumn, new ImageDataViewType(settings.Options.Height, settings.Options.Width)));
    }
}
