using KeypointMl.Keypoints;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Normalization;

/// <summary>Takes place, size and, on request, heading out of poses. Made by <c>mlContext.Transforms.NormalizePose</c>.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Estimator characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No; it takes
/// the skeleton from the schema</description></item>
/// <item><term>Input column data type</term><description>A vector of K×2 or K×3 <see cref="float"/></description></item>
/// <item><term>Output column data type</term><description>Known-sized vector of as many <see cref="float"/>, with slot
/// names and skeleton; confidences as they were</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>None</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class PoseNormalizingEstimator : IEstimator<PoseNormalizingTransformer>
{
    private readonly PoseNormalizingSettings settings;

    internal PoseNormalizingEstimator(PoseNormalizingSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(settings.OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(settings.KeypointsColumn);
        this.settings = settings;
    }

    /// <summary>Makes the transformer: checks the column, and takes the skeleton from it. Nothing is learnt.</summary>
    /// <param name="input">Data whose schema has the column of keypoints.</param>
    /// <exception cref="ArgumentException">
    /// The column is missing or unsuitable, it is not known what its keypoints are, or a keypoint that the
    /// normalisation names is not among them.
    /// </exception>
    public PoseNormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Skeleton skeleton = KeypointColumn.Find(input.Schema, settings.KeypointsColumn, settings.Skeleton).Skeleton;
        return new PoseNormalizingTransformer(settings with { Skeleton = skeleton });
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(MlNetInternals.Renamed(KeypointColumn.Check(inputSchema, settings.KeypointsColumn), settings.OutputColumn));
    }
}

/// <summary>All that a normalising transform is made of; what its saved form holds.</summary>
internal sealed record PoseNormalizingSettings(
    string OutputColumn, string KeypointsColumn, PoseNormalization Normalization, Skeleton? Skeleton);
