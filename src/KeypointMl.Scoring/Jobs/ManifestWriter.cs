using System.Globalization;
using System.Text.Json;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Jobs;

/// <summary>
/// A worker's own manifest: no other process writes to it, so that lines cannot mix, on network file systems either. A
/// record is on the disk when <see cref="Append"/> returns; of a worker that was killed the last line may be torn, and
/// stays the last.
/// </summary>
internal sealed class ManifestWriter(JobFolder folder) : IDisposable
{
    private FileStream? file;

    /// <summary>The worker's name: its machine, its process, and something that no other has.</summary>
    public string Worker { get; } =
        string.Create(CultureInfo.InvariantCulture,
            $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Adds a record.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(ShardRecord record)
    {
        file ??= new FileStream(
            Path.Combine(folder.Manifest, Worker + ".jsonl"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(record, JobJson.Line), (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();
}
