using System.IO.Compression;
using System.Text;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs;

namespace KeypointMl.Scoring.Tests;

/// <summary>Lists of inputs whose checksum is right and whose lines are not: somebody wrote them.</summary>
[TestClass]
public sealed class ShardInputsTests
{
    private static readonly JobPlan Plan = new(1, "0.1.0", "/data", ["/data/images"], "", "", null, 10, 1, 1, 1);

    [TestMethod]
    [DataRow("true", DisplayName = "no list")]
    [DataRow("[]", DisplayName = "nothing")]
    [DataRow("[0]", DisplayName = "no name")]
    [DataRow("[0,null]", DisplayName = "null for a name")]
    [DataRow("[0,7]", DisplayName = "a number for a name")]
    [DataRow("[0,\"\\ud800\"]", DisplayName = "half a letter")]
    [DataRow("[1,\"a.png\"]", DisplayName = "no such source")]
    [DataRow("[-1,\"a.png\"]", DisplayName = "a source below the first")]
    [DataRow("[0.5,\"a.png\"]", DisplayName = "half a source")]
    [DataRow("[0,\"v.mp4\",0,25]", DisplayName = "too few values")]
    [DataRow("[0,\"v.mp4\",0,1e30,true]", DisplayName = "a number that is too large")]
    [DataRow("[0,\"v.mp4\",0,25,1]", DisplayName = "a number for yes or no")]
    [DataRow("[0,\"v.mp4\",0,25,true,0.5,\"x\"]", DisplayName = "text for a time")]
    [DataRow("[0,\"a.png\"", DisplayName = "no end")]
    public void Forged_line_is_refused_with_its_place(string line)
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Read($"[0,\"good.png\"]\n{line}\n")).Message;

        Assert.Contains("inputs.jsonl.gz, shard 0, line 2 is damaged", message);
    }

    [TestMethod]
    public void Line_without_an_end_is_refused_before_it_is_in_memory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.ThrowsExactly<InvalidDataException>(() => Read(new string(' ', 64 << 20))).Message;

        Assert.Contains("has more than 1,048,576 characters", message);
        // The text itself and its bytes: 192 MiB; a line that is built takes as much again.
        Assert.IsLessThan(220L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<InputFile> Read(string lines)
    {
        using var folder = new TemporaryFolder();
        var job = new JobFolder(folder.Path);
        byte[] content = Encoding.UTF8.GetBytes(lines);
        using (var gzip = new GZipStream(File.Create(job.Inputs), CompressionLevel.Fastest))
            gzip.Write(content);
        var shard = new Shard(0, Shard.KeyOf(content, Plan), 1, 0, new FileInfo(job.Inputs).Length);
        return [.. ShardInputs.Read(job, Plan, [new ScoreSource("images")], shard)];
    }
}
