using System.Collections.Immutable;
using System.Numerics;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>Which column of a DeepLabCut table is which coordinate of which body part of which animal; the same in CSV and HDF5.</summary>
internal sealed class DeepLabCutLayout
{
    private readonly record struct Columns(int X, int Y, int Likelihood);

    private readonly ImmutableArray<string> parts;
    private readonly (string Individual, Columns[] Parts)[] individuals;
    private readonly bool scored;

    internal DeepLabCutLayout(IReadOnlyList<(string Individual, string Part, string Coordinate)> columns, string path, string where)
    {
        parts = [.. columns.Where(column => IsRead(column.Coordinate)).Select(column => column.Part).Distinct()];
        if (parts.IsEmpty || parts.Any(string.IsNullOrWhiteSpace))
            throw new InvalidDataException($"{where}: there are no body parts, or one without a name.");
        var index = new Dictionary<(string, string, string), int>();
        for (int i = 0; i < columns.Count; i++)
        {
            if (IsPassedOver(columns[i].Part, columns[i].Coordinate))
                continue;
            if (!IsRead(columns[i].Coordinate))
            {
                throw new InvalidDataException(
                    $"{where}: column {i + 1} of '{columns[i].Part}' is called '{columns[i].Coordinate}'; expected x, y or likelihood.");
            }
            if (!index.TryAdd(columns[i], i))
                throw new InvalidDataException($"{where}: '{columns[i].Part}' has two columns {columns[i].Coordinate}.");
        }
        individuals = [.. columns.Where(column => IsRead(column.Coordinate)).Select(column => column.Individual).Distinct()
            .Select(individual => (individual, parts.Select(part => Find(individual, part)).ToArray()))];
        scored = index.Keys.Any(key => key.Item3 == "likelihood");
        Skeleton = new Skeleton(Path.GetFileNameWithoutExtension(path), parts, []);

        // With several animals, parts of the scene belong to an individual 'single' of their own.
        Columns Find(string individual, string part)
        {
            (int x, int y) = (index.GetValueOrDefault((individual, part, "x"), -1), index.GetValueOrDefault((individual, part, "y"), -1));
            return x < 0 == y < 0
                ? new Columns(x, y, index.GetValueOrDefault((individual, part, "likelihood"), -1))
                : throw new InvalidDataException($"{where}: '{part}' has only one of the columns x and y.");
        }
    }

    internal Skeleton Skeleton { get; }

    /// <summary>Whether the numbers of a column are read.</summary>
    internal static bool IsRead(string coordinate) => coordinate is "x" or "y" or "likelihood";

    // Beside x, y and likelihood EKS writes how far its ensemble was apart (x_ens_median, y_ens_var, x_posterior_var,
    // …), and Lightning Pose a last column 'set' that has no part.
    private static bool IsPassedOver(string part, string coordinate) =>
        coordinate.StartsWith("x_", StringComparison.Ordinal) || coordinate.StartsWith("y_", StringComparison.Ordinal)
        || coordinate is "zscore" or "nll" || (IsNameless(part) && IsNameless(coordinate));

    // pandas names what has no name when it reads and writes a table again.
    internal static bool IsNameless(string name) => name.Length == 0 || name.StartsWith("Unnamed: ", StringComparison.Ordinal);

    /// <summary>A frame's name: a number of a video's frame, or an image.</summary>
    internal static (string Source, long Frame) Frame(string name) =>
        TextNumbers.TryWhole(name, out long number) ? ("", number) : (name.Replace('\\', '/'), 0);

    /// <summary>Adds a row for each animal that has a point in a frame.</summary>
    internal void AddRows(List<PoseRow> rows, string source, long frame, ReadOnlySpan<double> values, string where)
    {
        foreach ((string individual, Columns[] columns) in individuals)
        {
            var points = new Vector2[columns.Length];
            float[]? scores = scored ? new float[columns.Length] : null;
            for (int k = 0; k < columns.Length; k++)
            {
                points[k] = columns[k].X < 0
                    ? new Vector2(float.NaN)
                    : new Vector2((float)values[columns[k].X], (float)values[columns[k].Y]);
                double likelihood = columns[k].Likelihood < 0 ? 1 : values[columns[k].Likelihood];
                // DeepLabCut 3 has −1, −1 and likelihood −1 for animals that are not there.
                if (!float.IsFinite(points[k].X) || !float.IsFinite(points[k].Y) || likelihood < 0)
                    points[k] = new Vector2(float.NaN);
                if (scores is not null)
                    scores[k] = likelihood < 0 ? float.NaN : (float)likelihood;
            }
            if (points.Any(point => float.IsFinite(point.X)))
                rows.Add(new PoseRow(source, frame, individual, points, PoseRow.KnownScores(scores, points), null, where));
        }
    }
}
