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

    public KeypointReader(DataViewRow row, KeypointColumn column)
    {
        this.column = column;
        getter = row.GetGetter<VBuffer<float>>(column.Column);
        floats = new float[column.Length];
        points = new Vector2[column.Skeleton.Count];
        confidence = column.HasConfidence ? new float[points.Length] : [];
    }

    /// <summary>K points of the row that was read last.</summary>
    public Span<Vector2> Points => points;

    /// <summary>Their K confidences; empty where the column has none.</summary>
    public ReadOnlySpan<float> Confidence => confidence;

    /// <exception cref="InvalidDataException">The row has another number of floats.</exception>
    public void Read()
    {
        getter(ref values);
        if (values.Length != floats.Length)
        {
            throw new InvalidDataException(
                $"column '{column.Column.Name}' holds {values.Length} floats; "
                + $"{points.Length} keypoints make {floats.Length}. Fill the column, or filter such rows out.");
        }
        values.CopyTo(floats);
        int stride = column.HasConfidence ? 3 : 2;
        for (int k = 0; k < points.Length; k++)
        {
            points[k] = new Vector2(floats[stride * k], floats[stride * k + 1]);
            if (column.HasConfidence)
                confidence[k] = floats[stride * k + 2];
        }
    }
}
