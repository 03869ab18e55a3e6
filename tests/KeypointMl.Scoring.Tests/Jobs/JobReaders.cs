using System.IO.Compression;
using System.Text;
using System.Text.Json;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

/// <summary>
/// The readers of a job's files. They carry checksums, which tell damage and not forgery: here every spoiled file gets checksums that fit,
/// or has none, as those of
/// earlier versions.
/// </summary>
internal static class JobReaders
{
    private const string Pipeline = "model: detector.onnx\ninput: images\noutputs: [merged.csv]\n";
    private const string Lines = "[0,\"a.png\"]\n[0,\"b.mp4\",0,25,false]\n[0,\"c.mp4\",25,5,true,0.96,0.98]\n";

    private static readonly JobPlan Plan = new(JobPlan.CurrentVersion, JobPlan.CurrentProgram, "/data", ["/data/images"],
        FileHash.Of(Encoding.UTF8.GetBytes(Pipeline)), new string('a', 64), null, 10, 3, 31, 1);

    private static readonly Shard First = new(0, "0123456789abcdef0123456789abcdef", 31, 0, 60);

    private static readonly ShardRecord Record = new(0, First.Key, new string('b', 64), 1234, 31, 0, 30, 1, 1.5, 0.25, "node-1",
        DateTimeOffset.UnixEpoch);

    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        Json("plan", ".json", path => OpenWith("plan.json", path), Plan),
        Json("shards", ".jsonl", path => OpenWith("shards.jsonl", path), First),
        Json("record", ".jsonl", ReadRecord, Record),
        new("shard-inputs", ".jsonl.gz", () => [Encoding.UTF8.GetBytes(Lines)], ReadInputs) { Words = Spoiling.JsonWords, Wrap = Compress },
        new("shard-gzip", ".jsonl.gz", () => [Compress(Encoding.UTF8.GetBytes(Lines))], ReadInputs),
    ];

    private static FuzzedReader Json<T>(string name, string extension, Action<string> read, T value) =>
        new(name, extension, () => [[.. JsonSerializer.SerializeToUtf8Bytes(value, JobJson.Line), (byte)'\n']], read)
        { Words = Spoiling.JsonWords };

    private static void OpenWith(string name, string path)
    {
        JobFolder folder = Folder(path);
        File.WriteAllText(folder.Pipeline, Pipeline);
        File.WriteAllBytes(folder.Plan, JsonSerializer.SerializeToUtf8Bytes(Plan, JobJson.Line));
        File.WriteAllText(folder.Shards, JsonSerializer.Serialize(First, JobJson.Line) + "\n");
        File.Copy(path, Path.Combine(folder.Path, name), overwrite: true);
        // The files of a job have names of their own.
        Named.Read(path, () => ScoreJob.Open(folder.Path));
    }

    private static void ReadRecord(string path)
    {
        string line = File.ReadAllText(path).Split('\n')[0];
        JobJson.Read<ShardRecord>(Encoding.UTF8.GetBytes(line), path);
    }

    private static void ReadInputs(string path)
    {
        JobFolder folder = Folder(path);
        byte[] content = File.ReadAllBytes(path);
        File.WriteAllBytes(folder.Inputs, content);
        var shard = First with { Key = Shard.KeyOf(Decompressed(content), Plan), Bytes = content.Length };
        Named.Read(path, () =>
        {
            foreach (InputFile _ in ShardInputs.Read(folder, Plan, [new ScoreSource("images")], shard))
            {
            }
        });
    }

    private static JobFolder Folder(string path) => new(Directory.CreateDirectory(path + ".job").FullName);

    private static byte[] Compress(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return stream.ToArray();
    }

    private static byte[] Decompressed(byte[] content)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            using var stream = new MemoryStream();
            gzip.CopyTo(stream);
            return stream.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
