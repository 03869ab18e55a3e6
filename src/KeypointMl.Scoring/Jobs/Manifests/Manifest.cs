namespace KeypointMl.Scoring;

/// <summary>What all workers of a job have finished so far.</summary>
internal sealed class Manifest(ScoreJob job)
{
    private readonly Dictionary<string, long> positions = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<ShardRecord>> finished = [];

    /// <summary>The record of a shard whose file is there; null where it is still to be done.</summary>
    /// <remarks>A record without its file, which a power cut may leave behind, counts for nothing.</remarks>
    public ShardRecord? Find(Shard shard) =>
        new FileInfo(job.Folder.Part(shard.Number)) is { Exists: true } part ? RecordsOf(shard).FirstOrDefault(record => record.Bytes == part.Length) : null;

    /// <summary>What workers said about a shard: more than one where two of them did it and their processors or devices gave different numbers.</summary>
    public IEnumerable<ShardRecord> RecordsOf(Shard shard) => finished.GetValueOrDefault(shard.Number, []).Where(record => record.Key == shard.Key);

    /// <summary>Reads what was written since the last time.</summary>
    /// <exception cref="InvalidDataException">A whole line is damaged; the message says where.</exception>
    public void Refresh()
    {
        if (!Directory.Exists(job.Folder.Manifest))
            return;
        foreach (string file in Directory.EnumerateFiles(job.Folder.Manifest, "*.jsonl").Order(StringComparer.Ordinal))
            ReadNew(file);
    }

    private void ReadNew(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = positions.GetValueOrDefault(path);
        byte[] bytes = new byte[file.Length - file.Position];
        ReadOnlySpan<byte> left = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        // What has no end yet is being written, or was when its worker was killed.
        for (int end; (end = left.IndexOf((byte)'\n')) >= 0; left = left[(end + 1)..])
        {
            Add(JobJson.Read<ShardRecord>(left[..end], path));
            positions[path] = positions.GetValueOrDefault(path) + end + 1;
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
