using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Csv;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>Reads what <see cref="Sinks.JsonLinesSink"/> wrote, a line at a time.</summary>
internal static class JsonLinesPredictions
{
    /// <summary>The rows of a file; the keypoints are those of the first row that has any.</summary>
    /// <exception cref="InvalidDataException">A line is no such object, or too long; the message names it.</exception>
    public static ReviewedRows Read(string path, CancellationToken cancellation)
    {
        List<PredictionRow> rows = [];
        ImmutableArray<string> names = [];
        using var lines = new RowLimitedReader(new StreamReader(path));
        for (int number = 1; ReadLine(lines, path, number) is { } line; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (line.Length > 0)
                rows.Add(Parse(line, $"{path}:{number}", ref names));
        }
        if (names.IsEmpty)
            throw new InvalidDataException($"{path} has no row with keypoints; there is nothing to review.");
        return new ReviewedRows(MakeSkeleton(path, names), rows);
    }

    private static string? ReadLine(RowLimitedReader lines, string path, int number)
    {
        try
        {
            lines.BeginRow();
            return lines.ReadLine();
        }
        catch (RowTooLongException error)
        {
            throw new InvalidDataException($"{path}:{number}: the line has more than {CsvLimits.Row:N0} characters.", error);
        }
    }

    private static PredictionRow Parse(string line, string where, ref ImmutableArray<string> names)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            var read = new PredictionRow
            {
                Source = Text(row, "source"),
                Frame = row.GetProperty("frame").GetInt64(),
                Item = Text(row, "item"),
                Box = ReadBox(row.GetProperty("box")),
                Error = row.GetProperty("error").GetString(),
            };
            return read.Error is not null ? read : WithKeypoints(read, row.GetProperty("keypoints"), ref names);
        }
        // What JSON elements throw that are of another kind, are not there, or hold no number of the wanted size.
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException
            or InvalidDataException)
        {
            throw new InvalidDataException(
                $"{where} is no row of predictions ({error.Message.TrimEnd('.')}); expected an object as 'score' writes it.", error);
        }
    }

    private static PredictionRow WithKeypoints(PredictionRow row, JsonElement keypoints, ref ImmutableArray<string> names)
    {
        JsonProperty[] properties = [.. keypoints.EnumerateObject()];
        if (properties.Length == 0)
            throw new InvalidDataException("it has no keypoints, and no error that says why");
        if (names.IsEmpty)
            names = [.. properties.Select(property => property.Name)];
        if (!properties.Select(property => property.Name).SequenceEqual(names))
            throw new InvalidDataException($"it has other keypoints than the first row: {string.Join(", ", names)}");
        return row with
        {
            Keypoints = Array.ConvertAll(properties, property => new Vector2(Number(property.Value, "x"), Number(property.Value, "y"))),
            Confidence = Array.ConvertAll(properties, property => property.Value.GetProperty("confidence").GetSingle()),
        };
    }

    private static Box? ReadBox(JsonElement box) => box.ValueKind == JsonValueKind.Null
        ? null
        : new Box(
            box.GetProperty("x").GetSingle(), box.GetProperty("y").GetSingle(),
            box.GetProperty("width").GetSingle(), box.GetProperty("height").GetSingle());

    private static float Number(JsonElement point, string name) =>
        point.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetSingle() : float.NaN;

    private static string Text(JsonElement row, string name) =>
        row.GetProperty(name).GetString() ?? throw new InvalidDataException($"'{name}' is null");

    private static Skeleton MakeSkeleton(string path, ImmutableArray<string> names)
    {
        try
        {
            return new Skeleton(Path.GetFileNameWithoutExtension(path), names, []);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }
}
