using KeypointMl.Inference.Contracts;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Generation;

/// <summary>
/// Makes the image of a subject in a given pose with an exported generator Ψ∘β. Made by
/// <c>mlContext.Transforms.GenerateImage</c>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Estimator characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No</description></item>
/// <item><term>Input column data type</term><description>A vector of K×2 or K×3 <see cref="float"/>;
/// <see cref="MLImage"/>, text (a file's path) or a vector of bytes (an encoded image)</description></item>
/// <item><term>Output column data type</term><description><see cref="MLImage"/> of the generator's size</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ImageAnalytics and a package
/// with ONNX Runtime's natives</description></item>
/// <item><term>Exportable to ONNX</term><description>No (it is an ONNX graph)</description></item>
/// </list>
/// </remarks>
public sealed class ImageGeneratingEstimator : RowEstimator<ImageGeneratingTransformer>
{
    private readonly ImageGenerationSettings settings;
    private readonly ModelContract contract;

    internal ImageGeneratingEstimator(ImageGenerationSettings settings)
    {
        contract = settings.Check();
        this.settings = settings;
    }

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => contract.Metadata.Skeleton;

    private protected override ImageGeneratingTransformer Make(DataViewSchema input)
    {
        KeypointColumn.Find(input, settings.KeypointsColumn, Skeleton);
        ImageColumns.Find(input, settings.AppearanceColumn);
        return new ImageGeneratingTransformer(settings);
    }

    private protected override IEnumerable<SchemaShape.Column> Describe(SchemaShape input)
    {
        KeypointColumn.Check(input, settings.KeypointsColumn);
        ImageColumns.Check(input, settings.AppearanceColumn);
        return [MlNetInternals.Scalar(settings.OutputColumn, new ImageDataViewType(contract.Height, contract.Width))];
    }
}
