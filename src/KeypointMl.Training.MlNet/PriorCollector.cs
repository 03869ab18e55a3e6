using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Keypoints;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Training.MlNet;

/// <summary>Reads prior poses from a data view.</summary>
internal static class PriorCollector
{
    /// <exception cref="ArgumentException">The column is missing or unsuitable, or it is not known what its keypoints are.</exception>
    /// <exception cref="InvalidDataException">There is no pose, or a coordinate is not finite.</exception>
    public static PosePrior Collect(IDataView data, KeypointGanOptions options)
    {
        KeypointColumn column = KeypointColumn.Find(data.Schema, options.PoseColumnName, options.Skeleton);
        using DataViewRowCursor cursor = data.GetRowCursor([column.Column]);
        var reader = new KeypointReader(cursor, column);
        var poses = new List<Vector2[]>();
        while (cursor.MoveNext())
        {
            options.Cancellation.ThrowIfCancellationRequested();
            try
            {
                reader.Read();
            }
            catch (InvalidDataException e)
            {
                throw RowFault.Explain(e, cursor.Position);
            }
            poses.Add(reader.Points.ToArray());
        }
        return new PosePrior(
            column.Skeleton, poses, options.PriorWidth ?? options.Recipe.Size, options.PriorHeight
            ?? options.Recipe.Size, $"in column '{options.PoseColumnName}' of the ML.NET pipeline");
    }
}
