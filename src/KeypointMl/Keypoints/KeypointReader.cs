using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Keypoints;

/// <summary>Reads the current row's keypoints into reused buffers.</summary>
internal sealed class KeypointReader
{
    private readonly KeypointColumn column;
    private readonly ValueGetter<VBuffer<float>> getter;
    private readonly float[] floats;
    private readonly Vector2[] points;
    private readonly float[] confidence;
    private VBuffer<float> values;
    private bool hasConfidence;

    public KeypointReader(DataViewRow row, KeypointColumn column)
    {
        this.column = column;
        getter = row.GetGetter<VBuffer<float>>(column.Column);
        points = new Vector2[column.Skeleton.Count];
        confidence = column.HasConfidence || column.IsOpen ? new float[points.Length] : [];
        floats = new float[2 * points.Length + confidence.Length];
    }

    /// <summary>K points of the row that was read last.</summary>
    public Span<Vector2> Points => points;

    /// <summary>Their K confidences; empty where the column, or the row, has none.</summary>
    public ReadOnlySpan<float> Confidence => hasConfidence ? confidence : [];

    /// <exception cref="InvalidDataException">The row has another number of floats.</exception>
    public void Read()
    {
        getter(ref values);
        hasConfidence = column.HasConfidence || column.IsOpen && values.Length == 3 * points.Length;
        int stride = hasConfidence ? 3 : 2;
        if (values.Length != stride * points.Length)
        {
            string orMore = column.IsOpen ? $", or {3 * points.Length} with confidences" : "";
            throw new InvalidDataException(
                $"column '{column.Column.Name}' holds {values.Length} floats; "
                + $"{points.Length} keypoints make {stride * points.Length}{orMore}. Fill the column, or filter such rows out.");
        }
        values.CopyTo(floats);
        for (int k = 0; k < points.Length; k++)
        {
            points[k] = new Vector2(floats[stride * k], floats[stride * k + 1]);
            if (hasConfidence)
                confidence[k] = floats[stride * k + 2];
        }
    }
}
