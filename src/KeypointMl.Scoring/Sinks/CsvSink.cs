using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Writes rows as CSV with a header line: the columns of <see cref="ParquetSink"/>, empty where a row failed. Numbers
/// are written in full, in the invariant culture.
/// </summary>
public sealed class CsvSink : IPredictionSink
{
    private readonly PendingFile file;
    private readonly CsvWriter writer;
    private readonly PredictionColumns columns;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <param name="normalized">Whether the rows have normalised poses too.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public CsvSink(string path, Skeleton skeleton, bool normalized = false)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        columns = new PredictionColumns(skeleton, normalized);
        file = new PendingFile(path);
        writer = new CsvWriter(new StreamWriter(file.Content, leaveOpen: true), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = "\n",
        });
        try
        {
            foreach (string name in PredictionColumns.Frame.Concat(columns.Numbers))
                writer.WriteField(name);
            writer.NextRecord();
        }
        catch
        {
            file.Dispose();
            throw;
        }
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
        for (int i = 0; i < columns.Numbers.Count; i++)
            writer.WriteField(columns.Number(row, i));
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
