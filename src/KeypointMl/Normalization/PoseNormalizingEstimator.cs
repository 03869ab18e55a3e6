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
/// names and skeleton; confidences as they were. Of vectors whose schema does not say how long they are, K×2</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>None</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class PoseNormalizingEstimator : RowEstimator<PoseNormalizingTransformer>
{
    private readonly PoseNormalizingSettings settings;

    internal PoseNormalizingEstimator(PoseNormalizingSettings settings)
    {
        settings.Check();
        this.settings = settings;
    }

    private protected override PoseNormalizingTransformer Make(DataViewSchema input)
    {
        Skeleton skeleton = KeypointColumn.Find(input, settings.KeypointsColumn, settings.Skeleton).Skeleton;
        return new PoseNormalizingTransformer(settings with { Skeleton = skeleton });
    }

    private protected override IEnumerable<SchemaShape.Column> Describe(SchemaShape input)
    {
        KeypointColumn.Check(input, settings.KeypointsColumn);
        return [MlNetInternals.VectorOfSingle(settings.OutputColumn, KeypointAnnotations.Names)];
    }
}

/// <summary>All that a normalising transform is made of; what its saved form holds.</summary>
internal sealed record PoseNormalizingSettings(
    string OutputColumn, string KeypointsColumn, PoseNormalization Normalization, Skeleton? Skeleton)
{
    /// <exception cref="ArgumentException">A column has no name.</exception>
    public void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(KeypointsColumn);
    }

    /// <exception cref="ArgumentException">There is no skeleton, as there is in a transformer, or the normalisation does not fit it.</exception>
    public PoseNormalizer Normalizer() =>
        new(Skeleton ?? throw new ArgumentException($"There is no {nameof(Skeleton)}."), Normalization);
}
