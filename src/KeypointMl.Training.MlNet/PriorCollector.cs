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
    /// <exception cref="InvalidDataException">
    /// There is no pose, a coordinate is not finite, or most points lie outside the image that they are said to be of.
    /// </exception>
    public static PosePrior Collect(IDataView data, KeypointGanOptions options)
    {
        KeypointColumn column = KeypointColumn.Find(data.Schema, options.PoseColumnName, options.Skeleton);
        (int Width, int Height)? own = KeypointAnnotations.ReadImageSize(column.Column);
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
        var prior = new PosePrior(
            column.Skeleton, poses, options.PriorWidth ?? own?.Width ?? options.Recipe.Size,
            options.PriorHeight ?? own?.Height ?? options.Recipe.Size, $"in column '{options.PoseColumnName}' of the ML.NET pipeline");
        RequireInside(prior);
        return prior;
    }

    // Poses of a larger image than they are said to be of would be learnt as they are: too large, and at its edge.
    private static void RequireInside(PosePrior prior)
    {
        int points = prior.Poses.Count * prior.Skeleton.Count;
        int outside = prior.Poses.Sum(pose => pose.Count(point =>
            point.X < -0.5f || point.Y < -0.5f || point.X > prior.Width - 0.5f || point.Y > prior.Height - 0.5f));
        if (2 * outside > points)
        {
            throw new InvalidDataException(
                $"{outside:N0} of the {points:N0} points of the prior {prior.Source} lie outside an image of {prior.Width}×{prior.Height} "
                + $"pixels. Say of what size the image is that they refer to: {nameof(KeypointGanOptions.PriorWidth)} and "
                + $"{nameof(KeypointGanOptions.PriorHeight)}.");
        }
    }
}
