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
public sealed class ImageGeneratingEstimator : IEstimator<ImageGeneratingTransformer>
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

    /// <summary>Makes the transformer: checks the columns and creates a session. Nothing is learnt.</summary>
    /// <param name="input">Data whose schema has the input columns.</param>
    /// <exception cref="ArgumentException">A column is missing or unsuitable, or has other keypoints than the generator.</exception>
    /// <exception cref="NotSupportedException">The device was asked for by name and is not available.</exception>
    public ImageGeneratingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        KeypointColumn.Find(input.Schema, settings.KeypointsColumn, Skeleton);
        ImageColumns.Find(input.Schema, settings.AppearanceColumn);
        return new ImageGeneratingTransformer(settings);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        KeypointColumn.Check(inputSchema, settings.KeypointsColumn);
        ImageColumns.Check(inputSchema, settings.AppearanceColumn);
        return inputSchema.With(MlNetInternals.Scalar(settings.OutputColumn, new ImageDataViewType(contract.Height, contract.Width)));
    }
}
