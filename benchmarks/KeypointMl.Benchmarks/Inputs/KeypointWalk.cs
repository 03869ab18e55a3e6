using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Benchmarks;

/// <summary>Reads the keypoints of every row of a view, as ML.NET's users do where they want no objects.</summary>
internal static class KeypointWalk
{
    /// <summary>Reads all rows.</summary>
    /// <param name="view">What a transform, ours or ML.NET's own, gives.</param>
    /// <param name="column">The column of keypoints.</param>
    /// <param name="rows">How many rows there must be.</param>
    /// <exception cref="InvalidOperationException">There are more or fewer rows.</exception>
    public static void Run(IDataView view, string column, int rows)
    {
        DataViewSchema.Column keypoints = view.Schema[column];
        using DataViewRowCursor cursor = view.GetRowCursor([keypoints]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(keypoints);
        VBuffer<float> values = default;
        int found = 0;
        for (; cursor.MoveNext(); found++)
            getter(ref values);
        if (found != rows)
            throw new InvalidOperationException($"The view was to give {rows} rows of keypoints; it gave {found}.");
    }
}
