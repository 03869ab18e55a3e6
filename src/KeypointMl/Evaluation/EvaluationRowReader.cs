using System.Numerics;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Metrics;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Evaluation;

/// <summary>Reads the current row of an evaluation into reused buffers.</summary>
internal sealed class EvaluationRowReader
{
    private readonly DataViewRow row;
    private readonly EvaluationColumns columns;
    private readonly KeypointReader predicted;
    private readonly KeypointReader truth;
    private readonly ValueGetter<VBuffer<float>>? confidenceGetter;
    private readonly ValueGetter<ReadOnlyMemory<char>>? groupGetter;
    private readonly ValueGetter<ReadOnlyMemory<char>>? clusterGetter;
    private readonly ValueGetter<VBuffer<float>>? scaleGetter;
    private readonly ValueGetter<MLImage>? imageGetter;
    private readonly ValueGetter<VBuffer<float>>? sizeGetter;
    private readonly float[] confidence;
    private VBuffer<float> values;
    private ReadOnlyMemory<char> group;
    private ReadOnlyMemory<char> cluster;
    private Vector2 sourceScale;

    // Whose the images are, their getter decides; see ReadAheadImages.
    private MLImage? image;

    public EvaluationRowReader(DataViewRow row, EvaluationColumns columns)
    {
        this.row = row;
        this.columns = columns;
        predicted = new KeypointReader(row, columns.Predicted);
        truth = new KeypointReader(row, columns.Label);
        confidence = new float[columns.Skeleton.Count];
        if (columns.Confidence is { } confidenceColumn)
            confidenceGetter = row.GetGetter<VBuffer<float>>(confidenceColumn);
        if (columns.Group is { } groupColumn)
            groupGetter = row.GetGetter<ReadOnlyMemory<char>>(groupColumn);
        if (columns.Cluster is { } clusterColumn)
            clusterGetter = row.GetGetter<ReadOnlyMemory<char>>(clusterColumn);
        if (columns.SourceScale is { } scaleColumn)
            scaleGetter = row.GetGetter<VBuffer<float>>(scaleColumn);
        if (columns.Image is { Type: ImageDataViewType } images)
            imageGetter = row.GetGetter<MLImage>(images);
        else if (columns.Image is { } sizes)
            sizeGetter = row.GetGetter<VBuffer<float>>(sizes);
        (ImageWidth, ImageHeight) = (columns.Options.ImageWidth ?? 0, columns.Options.ImageHeight ?? 0);
    }

    public ReadOnlySpan<Vector2> Predicted => predicted.Points;

    public ReadOnlySpan<Vector2> Truth => truth.Points;

    /// <summary>K confidences; empty where none are given.</summary>
    public ReadOnlySpan<float> Confidence => confidenceGetter is null ? predicted.Confidence : confidence;

    public FrameContext Context =>
        new(group.ToString(), cluster.ToString(), sourceScale, Confidence: Confidence.IsEmpty ? null : Confidence.ToArray());

    public int ImageWidth { get; private set; }

    public int ImageHeight { get; private set; }

    public void Read()
    {
        try
        {
            predicted.Read();
            truth.Read();
            if (confidenceGetter is not null)
            {
                confidenceGetter(ref values);
                ConfidenceColumn.Copy(values, confidence, columns.Confidence!.Value.Name);
            }
        }
        catch (InvalidDataException e)
        {
            throw RowFault.Explain(e, row.Position);
        }
        groupGetter?.Invoke(ref group);
        clusterGetter?.Invoke(ref cluster);
        ReadSourceScale();
        ReadSize();
    }

    /// <summary>Scales the row's poses from its own image to one whose larger side is <paramref name="side"/>.</summary>
    /// <param name="side">Pixels.</param>
    /// <param name="unit">
    /// What correspond: the images' areas, so that a point's distance from the corner is half a pixel more than its coordinate; or the
    /// centres of their first and last pixels.
    /// </param>
    public void ScaleTo(int side, ImageUnit unit)
    {
        int own = Math.Max(ImageWidth, ImageHeight);
        if (own == side)
            return;
        (float scale, float corner) = unit == ImageUnit.Span ? ((side - 1f) / (own - 1f), 0) : ((float)side / own, 0.5f);
        Scale(predicted.Points, scale, corner);
        Scale(truth.Points, scale, corner);
        sourceScale /= scale;
    }

    private void ReadSourceScale()
    {
        if (scaleGetter is null)
            return;
        scaleGetter(ref values);
        if (values.Length != 2)
        {
            throw new InvalidDataException(
                $"Row {row.Position} (counted from 0), column '{columns.SourceScale?.Name}': {values.Length} floats; "
                + "expected two, x and y.");
        }
        sourceScale = new Vector2(values.GetItemOrDefault(0), values.GetItemOrDefault(1));
    }

    private static void Scale(Span<Vector2> pose, float scale, float corner)
    {
        foreach (ref Vector2 point in pose)
            point = (point + new Vector2(corner)) * scale - new Vector2(corner);
    }

    private void ReadSize()
    {
        if (imageGetter is not null)
        {
            imageGetter(ref image!);
            (ImageWidth, ImageHeight) = image is null ? (0, 0) : (image.Width, image.Height);
        }
        else if (sizeGetter is not null)
        {
            sizeGetter(ref values);
            (ImageWidth, ImageHeight) = values.Length == 2 ? ((int)values.GetItemOrDefault(0), (int)values.GetItemOrDefault(1)) : (0, 0);
        }
        if (ImageWidth < 1 || ImageHeight < 1)
        {
            throw new InvalidDataException(
                $"Row {row.Position} (counted from 0), column '{columns.Image?.Name}': "
                + "there is no image, or not two sizes above 0. Fill the column, or filter such rows out.");
        }
    }
}
