using System.Numerics;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Keypoints;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Drawing;

/// <summary>
/// Adds a column of images with keypoints drawn on them; made by <see cref="KeypointDrawingEstimator"/>, saved and
/// loaded by <c>mlContext.Model</c>.
/// </summary>
/// <remarks>
/// Images follow the rule of ML.NET's image loader: an image belongs to whoever asked for it, and is disposed of when
/// he asks for the next into the same variable. The input's images stay whose they were.
/// </remarks>
public sealed class KeypointDrawingTransformer : AddedColumnTransformer
{
    internal const string LoaderSignature = "KeypointMlDraw";

    private static readonly SavedTransform Saved = new("DrawKeypoints", "KPMLDRAW", LoaderSignature, 1);

    private readonly KeypointDrawingSettings settings;

    internal KeypointDrawingTransformer(KeypointDrawingSettings settings)
        : base(settings.OutputColumn, Saved, settings) => this.settings = settings;

    /// <summary>What was asked for, with the skeleton that was found.</summary>
    public KeypointDrawingOptions Options => settings.Options;

    private protected override RowMapping Map(DataViewSchema input)
    {
        KeypointColumn keypoints = KeypointColumn.Find(input, settings.KeypointsColumn, Options.Skeleton);
        DataViewSchema.Column image = ImageColumns.Find(input, settings.ImageColumn);
        DataViewSchema.Column? confidence = FindConfidence(input, keypoints);
        return new RowMapping(
            input,
            RowImages.Column(OutputColumnName, image.Type is ImageDataViewType { Width: > 0, Height: > 0 } sized
                ? (sized.Width, sized.Height)
                : null),
            new[] { keypoints.Column, image, confidence }.OfType<DataViewSchema.Column>(),
            row => Getter(row, keypoints, image, confidence));
    }

    // Found by ML.NET's component catalog under this name.
    private static KeypointDrawingTransformer Create(IHostEnvironment env, object ctx) =>
        new(Saved.Read<KeypointDrawingSettings>(ctx, settings => settings.Check()));

    private DataViewSchema.Column? FindConfidence(DataViewSchema input, KeypointColumn keypoints)
    {
        if (Options.ConfidenceColumnName is { } name)
            return ConfidenceColumn.Find(input, name, keypoints.Skeleton);
        return Options.MinConfidence == 0 || keypoints.HasConfidence || keypoints.IsOpen
            ? null
            : throw new ArgumentException(WithoutConfidence);
    }

    private string WithoutConfidence =>
        $"{nameof(Options.MinConfidence)} is {Options.MinConfidence}, but column '{settings.KeypointsColumn}' has no "
        + $"confidences; give {nameof(Options.ConfidenceColumnName)}.";

    private ValueGetter<MLImage> Getter(
        DataViewRow row, KeypointColumn keypoints, DataViewSchema.Column imageColumn, DataViewSchema.Column? confidenceColumn)
    {
        var images = RowImageReader.Create(row, imageColumn, Options.Decoder());
        var poses = new KeypointReader(row, keypoints);
        ValueGetter<VBuffer<float>>? getConfidence = confidenceColumn is { } column ? row.GetGetter<VBuffer<float>>(column) : null;
        VBuffer<float> values = default;
        float[] confidence = new float[keypoints.Skeleton.Count];
        return RowImages.Getter(row, OutputColumnName, Options.OnError, () =>
        {
            RgbImage image = images.Read();
            poses.Read();
            if (getConfidence is not null)
            {
                getConfidence(ref values);
                ConfidenceColumn.Copy(values, confidence, confidenceColumn!.Value.Name);
                LeaveOutDoubtful(poses.Points, confidence);
            }
            else if (!poses.Confidence.IsEmpty)
            {
                LeaveOutDoubtful(poses.Points, poses.Confidence);
            }
            else if (Options.MinConfidence > 0)
            {
                throw new InvalidDataException(WithoutConfidence);
            }
            return PosePainter.Paint(image, keypoints.Skeleton, poses.Points, style: Options.Style);
        });
    }

    private void LeaveOutDoubtful(Span<Vector2> points, ReadOnlySpan<float> confidence)
    {
        for (int k = 0; k < points.Length; k++)
        {
            // NaN is not enough either.
            if (!(confidence[k] >= Options.MinConfidence))
                points[k] = new Vector2(float.NaN);
        }
    }
}
