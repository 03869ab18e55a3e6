using System.Numerics;
using System.Runtime.CompilerServices;
using KeypointMl.Poses;
using Parquet;
using Parquet.Schema;

namespace KeypointMl.Scoring;

/// <summary>Reads what <see cref="ParquetSink"/> wrote.</summary>
public static class PredictionParquet
{
    /// <summary>The rows of a file one after the other; a row group at a time is in memory.</summary>
    /// <param name="path">A Parquet file of predictions.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <param name="normalized">Whether there are normalised poses.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no Parquet file, damaged, or has other columns.</exception>
    public static async IAsyncEnumerable<PredictionRow> ReadAsync(string path, Skeleton skeleton, bool normalized = false, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        await using FileStream stream = File.OpenRead(path);
        await using ParquetReader reader = await OpenAsync(stream, path, cancellation).ConfigureAwait(false);
        string[] expected = [.. PredictionColumns.Frame, .. new PredictionColumns(skeleton, normalized).Numbers];
        string[] found = [.. reader.Schema.GetDataFields().Select(field => field.Name)];
        bool frameSizes = found.TakeLast(2).SequenceEqual(PredictionColumns.FrameSize);
        if (!found.SkipLast(frameSizes ? 2 : 0).SequenceEqual(expected))
        {
            throw new InvalidDataException($"{path} has other columns than predictions of '{skeleton.Name}': expected {string.Join(", ", expected)}, found {string.Join(", ", found)}. "
                + "Was it scored with another model, or with another 'normalize' step? Read it with what it was scored with.");
        }
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            PredictionRow[] rows = await ReadCheckedAsync(reader, path, i, skeleton, normalized, frameSizes, cancellation).ConfigureAwait(false);
            foreach (PredictionRow row in rows)
                yield return row;
        }
    }

    private static async Task<ParquetReader> OpenAsync(FileStream stream, string path, CancellationToken cancellation)
    {
        try
        {
            return await ParquetReader.CreateAsync(stream, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidDataException($"{path} is no usable Parquet file ({e.Message}).", e);
        }
    }

    // What an IOException has that code throws, and not the system: of the library, that there are fewer bytes than the file says.
    private const int NoSystemError = unchecked((int)0x80131620);

    // The library has no exception of its own for what is damaged inside: it is whatever goes wrong first.
    private static async Task<PredictionRow[]> ReadCheckedAsync(
        ParquetReader reader, string path, int number, Skeleton skeleton, bool normalized, bool frameSizes, CancellationToken cancellation)
    {
        try
        {
            return await ReadGroupAsync(reader, number, skeleton, normalized, frameSizes, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or IOException) or EndOfStreamException
            or IOException { HResult: NoSystemError })
        {
            throw new InvalidDataException(
                $"{path} is damaged: row group {number} cannot be read as predictions ({e.Message.TrimEnd('.')}). Restore the file, or "
                + "score its inputs again.", e);
        }
    }

    private static async Task<PredictionRow[]> ReadGroupAsync(ParquetReader reader, int number, Skeleton skeleton, bool normalized, bool frameSizes, CancellationToken cancellation)
    {
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(number);
        int count = checked((int)group.RowCount);
        var fields = new Queue<DataField>(reader.Schema.GetDataFields());
        string?[] source = await TextAsync().ConfigureAwait(false);
        long[] frame = new long[count];
        await group.ReadAsync<long>(fields.Dequeue(), frame, cancellationToken: cancellation).ConfigureAwait(false);
        string?[] item = await TextAsync().ConfigureAwait(false);
        float?[][] box = [await NumbersAsync().ConfigureAwait(false), await NumbersAsync().ConfigureAwait(false), await NumbersAsync().ConfigureAwait(false), await NumbersAsync().ConfigureAwait(false)];
        await TextAsync().ConfigureAwait(false); // the status: failed where there is an error
        string?[] error = await TextAsync().ConfigureAwait(false);
        float?[][] numbers = new float?[fields.Count - (frameSizes ? 2 : 0)][];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = await NumbersAsync().ConfigureAwait(false);
        int?[][] size = frameSizes ? [await SidesAsync().ConfigureAwait(false), await SidesAsync().ConfigureAwait(false)] : [new int?[count], new int?[count]];
        return [.. Enumerable.Range(0, count).Select(Row)];

        PredictionRow Row(int i) => new()
        {
            Source = source[i]!,
            Frame = frame[i],
            Item = item[i]!,
            Box = box[0][i] is float x ? new Box(x, box[1][i]!.Value, box[2][i]!.Value, box[3][i]!.Value) : null,
            Error = error[i],
            FrameWidth = size[0][i] ?? 0,
            FrameHeight = size[1][i] ?? 0,
            Keypoints = error[i] is null ? Points(0, 3, i) : default,
            Confidence = error[i] is null ? Array.ConvertAll(Enumerable.Range(0, skeleton.Count).ToArray(), k => numbers[3 * k + 2][i]!.Value) : default,
            Normalized = error[i] is null && normalized ? Points(3 * skeleton.Count, 2, i) : default,
        };

        Vector2[] Points(int first, int stride, int i) =>
            [.. Enumerable.Range(0, skeleton.Count).Select(k => new Vector2(numbers[first + stride * k][i] ?? float.NaN, numbers[first + stride * k + 1][i] ?? float.NaN))];

        async Task<string?[]> TextAsync()
        {
            string?[] values = new string?[count];
            await group.ReadAsync(fields.Dequeue(), values!, cancellationToken: cancellation).ConfigureAwait(false);
            return values;
        }

        async Task<float?[]> NumbersAsync()
        {
            float?[] values = new float?[count];
            await group.ReadAsync<float>(fields.Dequeue(), values, cancellationToken: cancellation).ConfigureAwait(false);
            return values;
        }

        async Task<int?[]> SidesAsync()
        {
            int?[] values = new int?[count];
            await group.ReadAsync<int>(fields.Dequeue(), values, cancellationToken: cancellation).ConfigureAwait(false);
            return values;
        }
    }
}
