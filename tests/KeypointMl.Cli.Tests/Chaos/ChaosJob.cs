using System.Security.Cryptography;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

/// <summary>Synthetic frames, every 50th of them corrupt, and a pipeline over them. The result without any failure is known.</summary>
internal sealed class ChaosJob : IDisposable
{
    // Large enough that a worker spends its time on frames rather than on starting.
    private const int Width = 160;
    private const int Height = 120;

    private readonly TemporaryFolder folder = new();
    private readonly int shardFrames;

    public ChaosJob(int frames, int shardFrames)
    {
        this.shardFrames = shardFrames;
        Frames = frames;
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        byte[][] pictures = [.. Enumerable.Range(0, 100)
            .Select(i => ImageWriter.EncodePng(TestImages.Draw(TestImages.Dots(i, Width, Height), Width, Height)))];
        for (int i = 0; i < frames; i++)
        {
            string path = folder[$"images/{i / 1000:D3}/{i:D6}.png"];
            if (i % 1000 == 0)
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            byte[] picture = pictures[i % pictures.Length];
            File.WriteAllBytes(path, i % 50 == 7 ? picture[..40] : picture);
        }
        File.WriteAllText(folder["p.yaml"],
            $"model: {folder["detector.onnx"]}\ninput: {folder["images"]}\noutput: {folder["p.csv"]}\nthreads: 1\ndevice: cpu\n");
        Plan(Calm);
        Invocation.Of("score", "--job", Calm).Returning(ExitCode.Done);
        Verify(Calm);
    }

    public int Frames { get; }

    public int Shards => (Frames + shardFrames - 1) / shardFrames;

    public string this[string name] => folder[name];

    private string Calm => folder["calm"];

    public void Plan(string job) =>
        Invocation.Of("plan", folder["p.yaml"], "--out", job, "--shard-frames", $"{shardFrames}").Returning(ExitCode.Done);

    /// <summary>Rows are inputs, none twice.</summary>
    public void Verify(string job) =>
        Assert.Contains($"complete: {Frames} frames in; {Frames} rows out: {Frames - Frames / 50} ok, {Frames / 50} failed",
            Invocation.Of("verify", job).Returning(ExitCode.Done).Out);

    /// <summary>The results are those without any failure, byte for byte, and nothing half-done is left.</summary>
    public void IsAsCalm(string job)
    {
        Verify(job);
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(job, "tmp")));
        CollectionAssert.AreEqual(Content(Calm), Content(job));
    }

    public void Dispose() => folder.Dispose();

    private static string[] Content(string job) =>
        [.. Directory.GetFiles(Path.Combine(job, "parts")).Order(StringComparer.Ordinal)
            .Select(part => $"{Path.GetFileName(part)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(part)))}")];
}
