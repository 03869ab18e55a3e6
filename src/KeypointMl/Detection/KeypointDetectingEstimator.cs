using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>
/// Detects the named keypoints of the one subject of each image, or of a box in it, with an exported detector. Made by
/// <c>mlContext.Transforms.DetectKeypoints</c>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Estimator characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No</description></item>
/// <item><term>Input column data type</term><description><see cref="MLImage"/>, text (a file's path), or a vector of
/// bytes (an encoded image)</description></item>
/// <item><term>Box column data type</term><description>Vector of 4 <see cref="float"/>; optional</description></item>
/// <item><term>Output column data type</term><description>Known-sized vector of K×2 or K×3 <see cref="float"/>;
/// optionally a second one of K, and a text</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.ImageAnalytics and a package
/// with ONNX Runtime's natives</description></item>
/// <item><term>Exportable to ONNX</term><description>No (it is an ONNX graph)</description></item>
/// </list>
/// Files and encoded images are decoded with their EXIF orientation; an <see cref="MLImage"/> is taken as it is.
/// </remarks>
public sealed class KeypointDetectingEstimator : RowEstimator<KeypointDetectingTransformer>
{
    private readonly DetectionSettings settings;

    internal KeypointDetectingEstimator(DetectionSettings settings) => this.settings = settings;

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => settings.Contract.Metadata.Skeleton;

    private protected override KeypointDetectingTransformer Make(DataViewSchema input)
    {
        settings.FindInputs(input);
        return new KeypointDetectingTransformer(settings);
    }

    private protected override IEnumerable<SchemaShape.Column> Describe(SchemaShape input)
    {
        ImageColumns.Check(input, settings.InputColumn);
        if (settings.Options.BoxColumnName is { } box)
            BoxColumns.Check(input, box);
        return settings.Columns.Describe();
    }
}
