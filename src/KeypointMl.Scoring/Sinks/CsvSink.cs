using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using KeypointMl.Data;
using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>Writes rows as CSV with a header line: the columns of <see cref="ParquetSink"/>, empty where a row failed. Numbers are written in full, in the invariant culture.</summary>
public sealed class CsvSink : IPredictionSink
{
    private readonly PendingFile file;
    private readonly CsvWriter writer;
    private readonly int keypoints;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public CsvSink(string path, Skeleton skeleton)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        keypoints = skeleton.Count;
        file = new PendingFile(path);
        writer = new CsvWriter(new StreamWriter(file.Content, leaveOpen: true), new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        IEnumerable<string> header =
        [
            "source", "frame", "item", "box.x", "box.y", "box.width", "box.height", "status", "error",
            .. skeleton.Keypoints.SelectMany(name => new[] { $"{name}.x", $"{name}.y", $"{name}.confidence" }),
        ];
        foreach (string name in header)
            writer.WriteField(name);
        writer.NextRecord();
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        writer.WriteField(row.Source);
        writer.WriteField(row.Frame);
        writer.WriteField(row.Item);
        foreach (float? number in (float?[])[row.Box?.X, row.Box?.Y, row.Box?.Width, row.Box?.Height])
            writer.WriteField(number);
        writer.WriteField(row.StatusText);
        writer.WriteField(row.Error);
        for (int k = 0; k < keypoints; k++)
        {
            bool ok = row.Status == PredictionStatus.Ok;
            writer.WriteField(ok ? row.Keypoints.Span[k].X : (float?)null);
            writer.WriteField(ok ? row.Keypoints.Span[k].Y : (float?)null);
            writer.WriteField(ok ? row.Confidence.Span[k] : (float?)null);
        }
        return new ValueTask(writer.NextRecordAsync());
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        await writer.DisposeAsync().ConfigureAwait(false);
        file.Complete();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
