using System.Collections.Immutable;
using System.Numerics;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>Predictions from a file, all in memory, and what is known of their skeleton.</summary>
/// <param name="Skeleton">Names the K keypoints; without edges and pairs where neither file nor model tell.</param>
/// <param name="Rows">In the file's order.</param>
internal sealed record ReviewedRows(Skeleton Skeleton, IReadOnlyList<PredictionRow> Rows)
{
    private const long MostFrames = 1_000_000_000_000;

    /// <summary>
    /// Reads what <c>score</c> wrote (<c>.parquet</c>, <c>.csv</c>, <c>.jsonl</c>, <c>.json</c>), or a file of poses of another
    /// tool (<see cref="PoseFile"/>).
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or holds something else; the message says where.</exception>
    public static async Task<ReviewedRows> ReadAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no file '{PrintableText.Of(path)}'; expected predictions as 'score' writes them.", path);
        }
        RegularFile.Require(path, "file");
        ReviewedRows read = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => await ReadParquetAsync(path, cancellation).ConfigureAwait(false),
            ".jsonl" => JsonLinesPredictions.Read(path, cancellation),
            _ => From(PoseFile.Read(path).WithNamedItems()),
        };
        if (read.Rows.FirstOrDefault(row => row.Frame is < 0 or > MostFrames) is { } wrong)
            throw new InvalidDataException($"{path} has a frame {wrong.Frame}; expected 0 to {MostFrames}.");
        return read.Rows.Count > 0 ? read : throw new InvalidDataException($"{path} has no rows; there is nothing to review.");
    }

    /// <summary>The same with the skeleton of a model, which knows edges and pairs.</summary>
    /// <exception cref="InvalidDataException">It has other keypoints; the message lists both.</exception>
    public ReviewedRows With(Skeleton model, string modelPath, string path) => model.Keypoints.SequenceEqual(Skeleton.Keypoints)
        ? this with { Skeleton = model }
        : throw new InvalidDataException(
            $"{path} has the keypoints {string.Join(", ", Skeleton.Keypoints)}; the model {modelPath} has "
            + $"{string.Join(", ", model.Keypoints)}. Give the model that the file was scored with.");

    private static async Task<ReviewedRows> ReadParquetAsync(string path, CancellationToken cancellation)
    {
        (Skeleton skeleton, bool normalized) = await PredictionParquet.ReadSkeletonAsync(path, cancellation).ConfigureAwait(false);
        List<PredictionRow> rows = [];
        await foreach (PredictionRow row in PredictionParquet.ReadAsync(path, skeleton, normalized, cancellation).ConfigureAwait(false))
            rows.Add(row with { Normalized = default });
        return new ReviewedRows(skeleton, rows);
    }

    private static ReviewedRows From(PoseTable table)
    {
        Dictionary<(string, string), float> sides = table.Rows.Where(row => row.Box is null && IsThere(row))
            .GroupBy(row => (row.Source, row.Item))
            .ToDictionary(track => track.Key, track => UsualSide(track));
        return new(table.Skeleton, [.. table.Rows.Select(row => RowOf(row, sides.GetValueOrDefault((row.Source, row.Item))))]);
    }

    private static bool IsThere(PoseRow row) => row.Points.Any(point => float.IsFinite(point.X) && float.IsFinite(point.Y));

    // A pose with one keypoint astray must not make its own box the larger, and its fault the smaller.
    private static float UsualSide(IEnumerable<PoseRow> track)
    {
        float[] sides = [.. track.Select(row => Extent(row.Points)).Select(part => Math.Max(part.Width, part.Height)).Order()];
        return Math.Max(8, 1.2f * sides[sides.Length / 2]);
    }

    private static PredictionRow RowOf(PoseRow row, float usualSide)
    {
        bool isThere = IsThere(row);
        return new PredictionRow
        {
            Source = row.Source,
            Frame = row.Frame,
            Item = row.Item,
            Box = row.Box ?? (isThere ? Around(row.Points, usualSide) : null),
            // Files of other tools have rows without a point for what could not be scored.
            Error = row.Outcome is { } outcome
                ? outcome.IsOk ? null : outcome.Error
                : isThere ? null : "the file has no keypoints for it",
            Keypoints = row.Points,
            Confidence = row.Scores is null ? Array.ConvertAll(row.Points, _ => 1f) : Array.ConvertAll(row.Scores, Known),
        };
    }

    private static float Known(float score) => float.IsFinite(score) ? score : 0;

    private static Box Around(Vector2[] points, float side)
    {
        Box extent = Extent(points);
        return new Box(extent.X + (extent.Width - side) / 2, extent.Y + (extent.Height - side) / 2, side, side);
    }

    private static Box Extent(Vector2[] points)
    {
        ImmutableArray<Vector2> there = [.. points.Where(point => float.IsFinite(point.X) && float.IsFinite(point.Y))];
        (float left, float top) = (there.Min(point => point.X), there.Min(point => point.Y));
        return new Box(left, top, there.Max(point => point.X) - left, there.Max(point => point.Y) - top);
    }
}
