using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Jobs;

/// <summary>What all workers of a job have finished so far. A shard's file counts where its SHA-256 is that of a record; each
/// file is read for that once, and again where it has changed.</summary>
internal sealed class Manifest(ScoreJob job)
{
    private readonly Dictionary<string, (long Position, int Lines)> read = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<ShardRecord>> finished = [];
    private readonly Dictionary<int, (long Bytes, DateTime Written, string Sha256)> hashes = [];

    /// <summary>The record of a shard whose file is there and as the record says; null where it is still to be done.</summary>
    /// <remarks>A record without its file, which a power cut may leave behind, counts for nothing.</remarks>
    public ShardRecord? Find(Shard shard)
    {
        ShardRecord[] records = [.. RecordsOf(shard)];
        var part = new FileInfo(job.Folder.Part(shard.Number));
        if (!part.Exists || !Array.Exists(records, record => record.Bytes == part.Length))
            return null;
        string sha256 = HashOf(shard, part);
        return Array.Find(records, record => record.Sha256 == sha256);
    }

    /// <summary>Whether a shard was finished and its file is there, but is another than any worker wrote.</summary>
    public bool IsDamaged(Shard shard) => RecordsOf(shard).Any() && File.Exists(job.Folder.Part(shard.Number)) && Find(shard) is null;

    /// <summary>
    /// What workers said about a shard: more than one where two of them did it and their processors or devices gave
    /// different numbers.
    /// </summary>
    public IEnumerable<ShardRecord> RecordsOf(Shard shard) =>
        finished.GetValueOrDefault(shard.Number, []).Where(record => record.Key == shard.Key);

    /// <summary>Reads what was written since the last time.</summary>
    /// <exception cref="InvalidDataException">A whole line is damaged; the message says where, and what to do.</exception>
    public void Refresh()
    {
        if (!Directory.Exists(job.Folder.Manifest))
            return;
        foreach (string file in Directory.EnumerateFiles(job.Folder.Manifest, "*.jsonl").Order(StringComparer.Ordinal))
            ReadNew(file);
    }

    private string HashOf(Shard shard, FileInfo part)
    {
        if (!hashes.TryGetValue(shard.Number, out var known) || (known.Bytes, known.Written) != (part.Length, part.LastWriteTimeUtc))
            hashes[shard.Number] = known = (part.Length, part.LastWriteTimeUtc, FileHash.OfFile(part.FullName));
        return known.Sha256;
    }

    private void ReadNew(string path)
    {
        (long position, int lines) = read.GetValueOrDefault(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = position;
        byte[] bytes = new byte[file.Length - file.Position];
        ReadOnlySpan<byte> left = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        // What has no end yet is being written, or was when its worker was killed.
        for (int end; (end = left.IndexOf((byte)'\n')) >= 0; left = left[(end + 1)..])
        {
            Add(JobJson.Read<ShardRecord>(
                left[..end], $"{path}:{++lines}", "Remove the line, or the file: what it records is then scored again."));
            position += end + 1;
            read[path] = (position, lines);
        }
    }

    private void Add(ShardRecord record)
    {
        if (!finished.TryGetValue(record.Shard, out List<ShardRecord>? records))
            finished.Add(record.Shard, records = []);
        if (!records.Exists(other => (other.Key, other.Sha256) == (record.Key, record.Sha256)))
            records.Add(record);
    }
}
