using KeypointMl.Inference.Contracts;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Generation;

/// <summary>
/// Makes the image of one image's subject in the pose of another's: a detector η∘Φ finds the pose, a generator Ψ∘β draws it. Made by
/// <c>mlContext.Transforms.TransferAppearance</c>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Estimator characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No</description></item>
/// <item><term>Input column data type</term><description>Twice <see cref="MLImage"/>, text (a file's path) or a vector
/// of bytes (an encoded image)</description></item>
/// <item><term>Output column data type</term><description><see cref="MLImage"/> of the generator's size</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ImageAnalytics and a package
/// with ONNX Runtime's natives</description></item>
/// <item><term>Exportable to ONNX</term><description>No (it is two ONNX graphs)</description></item>
/// </list>
/// </remarks>
public sealed class AppearanceTransferringEstimator : RowEstimator<AppearanceTransferringTransformer>
{
    private readonly AppearanceTransferSettings settings;
    private readonly ModelContract generator;

    internal AppearanceTransferringEstimator(AppearanceTransferSettings settings)
    {
        generator = settings.Check();
        this.settings = settings;
    }

    /// <summary>Names the K keypoints that carry the pose.</summary>
    public Skeleton Skeleton => generator.Metadata.Skeleton;

    private protected override AppearanceTransferringTransformer Make(DataViewSchema input)
    {
        ImageColumns.Find(input, settings.PoseColumn);
        ImageColumns.Find(input, settings.AppearanceColumn);
        return new AppearanceTransferringTransformer(settings);
    }

    private protected override IEnumerable<SchemaShape.Column> Describe(SchemaShape input)
    {
        ImageColumns.Check(input, settings.PoseColumn);
        ImageColumns.Check(input, settings.AppearanceColumn);
        return [MlNetInternals.Scalar(settings.OutputColumn, new ImageDataViewType(generator.Height, generator.Width))];
    }
}
