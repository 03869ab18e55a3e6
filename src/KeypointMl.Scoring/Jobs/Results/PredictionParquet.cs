using System.Numerics;
using System.Runtime.CompilerServices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.ParquetFiles;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;
using Parquet.Schema;

namespace KeypointMl.Scoring.Jobs.Results;

/// <summary>Reads what <see cref="ParquetSink"/> wrote.</summary>
internal static class PredictionParquet
{
    private const string Confidence = ".confidence";

    /// <summary>The rows of a file one after the other; a row group at a time is in memory.</summary>
    /// <param name="path">A Parquet file of predictions.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <param name="normalized">Whether there are normalised poses.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no Parquet file, damaged, beyond the limits (131,072 rows, 16 million values, and 64 MiB of a column, in a
    /// row group), or has other columns.
    /// </exception>
    public static async IAsyncEnumerable<PredictionRow> ReadAsync(
        string path,
        Skeleton skeleton,
        bool normalized = false,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        await using CheckedParquet file =
            await CheckedParquet.OpenAsync(path, ParquetLimits.Predictions, cancellation).ConfigureAwait(false);
        string[] expected = [.. PredictionColumns.Frame, .. new PredictionColumns(skeleton, normalized).Numbers];
        string[] found = [.. file.Fields.Select(field => field.Name)];
        bool frameSizes = found.TakeLast(2).SequenceEqual(PredictionColumns.FrameSize);
        if (!found.SkipLast(frameSizes ? 2 : 0).SequenceEqual(expected))
        {
            throw new InvalidDataException(
                $"{path} has other columns than predictions of '{skeleton.Name}': "
                + $"expected {string.Join(", ", expected)}, found {string.Join(", ", found)}. "
                + "Was it scored with another model, or with another 'normalize' step? Read it with what it was scored with.");
        }
        for (int i = 0; i < file.RowGroups; i++)
        {
            foreach (PredictionRow row in await ReadGroupAsync(file, path, i, skeleton, normalized, frameSizes, cancellation)
                .ConfigureAwait(false))
                yield return row;
        }
    }

    /// <summary>
    /// The skeleton of a file: what its metadata say, else the keypoints that its columns name, without edges and pairs.
    /// </summary>
    /// <returns>The skeleton, and whether there are normalised poses.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no Parquet file of predictions, or damaged.</exception>
    internal static async Task<(Skeleton Skeleton, bool Normalized)> ReadSkeletonAsync(string path, CancellationToken cancellation)
    {
        await using CheckedParquet file =
            await CheckedParquet.OpenAsync(path, ParquetLimits.Predictions, cancellation).ConfigureAwait(false);
        string[] columns = [.. file.Fields.Select(field => field.Name)];
        bool normalized = columns.Any(column => column.EndsWith(".normalized_x", StringComparison.Ordinal));
        try
        {
            if (file.Metadata.TryGetValue(PredictionColumns.SkeletonKey, out string? json))
                return (Skeleton.FromJson(json), normalized);
            IEnumerable<string> names = columns.Where(column => column.EndsWith(Confidence, StringComparison.Ordinal))
                .Select(column => column[..^Confidence.Length]);
            return (new Skeleton(Path.GetFileNameWithoutExtension(path), [.. names], []), normalized);
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            throw new InvalidDataException($"{path} is no file of predictions: {error.Message}", error);
        }
    }

    private static async Task<PredictionRow[]> ReadGroupAsync(
        CheckedParquet file, string path, int group, Skeleton skeleton, bool normalized, bool frameSizes, CancellationToken cancellation)
    {
        int count = file.RowsOf(group);
        if ((long)count * file.Fields.Count > PredictionRowGroup.MaxValues)
        {
            throw new InvalidDataException(
                $"{path}: row group {group} has {count:N0} rows of {file.Fields.Count} columns; "
                + $"at most {PredictionRowGroup.MaxValues:N0} values are read at a time.");
        }
        var fields = new Queue<DataField>(file.Fields);
        string?[] source = await TextAsync().ConfigureAwait(false);
        long?[] frame = await file.ReadNumbersAsync<long>(group, fields.Dequeue(), cancellation).ConfigureAwait(false);
        string?[] item = await TextAsync().ConfigureAwait(false);
        float?[][] box =
        [
            await NumbersAsync().ConfigureAwait(false), await NumbersAsync().ConfigureAwait(false),
            await NumbersAsync().ConfigureAwait(false), await NumbersAsync().ConfigureAwait(false),
        ];
        await TextAsync().ConfigureAwait(false); // the status: failed where there is an error
        string?[] error = await TextAsync().ConfigureAwait(false);
        float?[][] numbers = new float?[fields.Count - (frameSizes ? 2 : 0)][];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = await NumbersAsync().ConfigureAwait(false);
        int?[][] size = frameSizes
            ? [await SidesAsync().ConfigureAwait(false), await SidesAsync().ConfigureAwait(false)]
            : [new int?[count], new int?[count]];
        return [.. Enumerable.Range(0, count).Select(Row)];

        PredictionRow Row(int i) => new()
        {
            Source = source[i] ?? throw Empty("source", i),
            Frame = frame[i] ?? throw Empty("frame", i),
            Item = item[i] ?? throw Empty("item", i),
            Box = box[0][i] is float x
                ? new Box(x, Value(box[1], "box.y", i), Value(box[2], "box.width", i), Value(box[3], "box.height", i))
                : null,
            Error = error[i],
            FrameWidth = size[0][i] ?? 0,
            FrameHeight = size[1][i] ?? 0,
            Keypoints = error[i] is null ? Points(0, 3, i) : default,
            Confidence = error[i] is null ? Confidences(i) : default,
            Normalized = error[i] is null && normalized ? Points(3 * skeleton.Count, 2, i) : default,
        };

        Vector2[] Points(int first, int stride, int i) =>
            [.. Enumerable.Range(0, skeleton.Count)
                .Select(k => new Vector2(numbers[first + stride * k][i] ?? float.NaN, numbers[first + stride * k + 1][i] ?? float.NaN))];

        float[] Confidences(int i) =>
            [.. Enumerable.Range(0, skeleton.Count).Select(k => Value(numbers[3 * k + 2], $"{skeleton.Keypoints[k]}.confidence", i))];

        float Value(float?[] values, string column, int i) => values[i] ?? throw Empty(column, i);

        InvalidDataException Empty(string column, int i) =>
            new($"{path}: row {i} of row group {group} has no value in column '{column}'. The file is damaged, or no file of predictions.");

        Task<string?[]> TextAsync() => file.ReadTextsAsync(group, fields.Dequeue(), cancellation);

        Task<float?[]> NumbersAsync() => file.ReadNumbersAsync<float>(group, fields.Dequeue(), cancellation);

        Task<int?[]> SidesAsync() => file.ReadNumbersAsync<int>(group, fields.Dequeue(), cancellation);
    }
}
