using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

/// <summary>Full and read-only file systems. They are mounted, which needs root on Linux; elsewhere these tests are inconclusive.</summary>
[TestClass]
[DoNotParallelize]
public sealed class DiskTests
{
    private readonly TemporaryFolder folder = new();

    [TestInitialize]
    public void RequireMount()
    {
        if (!SmallDisk.IsPossible(folder["disk"]))
            Assert.Inconclusive("No file system can be mounted here.");
    }

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Train_on_a_full_disk_says_so_leaves_nothing_and_begins_when_there_is_room()
    {
        string recipe = TinyPuppets.WriteRecipe(folder);
        using var disk = new SmallDisk(folder["disk"], "64m", room: 0);
        string run = Path.Combine(disk.Path, "run");
        disk.FillUp();

        Invocation full = Invocation.Of("train", recipe, "--out", run).Returning(ExitCode.Failed);

        Assert.Contains("recipe.yaml' cannot be written: No space left on device", full.Error);
        Assert.IsFalse(Directory.Exists(run));
        disk.MakeRoom();
        Invocation.Of("train", recipe, "--out", run).Returning(ExitCode.Done);
    }

    [TestMethod]
    public void Train_whose_disk_fills_up_keeps_its_checkpoint_and_its_message_goes_on()
    {
        string recipe = TinyPuppets.WriteRecipe(folder);
        using var disk = new SmallDisk(folder["disk"], "64m", room: 256 * 1024);
        string run = Path.Combine(disk.Path, "run");
        disk.FillUp();

        Invocation full = Invocation.Of("train", recipe, "--out", run).Returning(ExitCode.Failed);

        Assert.Contains("No space left on device", full.Error);
        Assert.Contains($"keypointml train {recipe} --out {run} --resume", full.Error);
        Assert.IsEmpty(Directory.GetFiles(run, ".*", SearchOption.AllDirectories));
        disk.MakeRoom();
        Invocation.Of("train", recipe, "--out", run, "--resume").Returning(ExitCode.Done);
    }

    [TestMethod]
    public void Train_on_a_read_only_disk_says_so()
    {
        string recipe = TinyPuppets.WriteRecipe(folder);
        using var disk = new SmallDisk(folder["disk"], "64m");
        string run = Path.Combine(disk.Path, "run");
        Invocation.Of("train", recipe, "--out", run).Returning(ExitCode.Done);
        disk.MakeReadOnly();

        foreach (string[] line in new[] { new[] { "--out", run, "--resume" }, ["--out", Path.Combine(disk.Path, "new")] })
        {
            Invocation call = Invocation.Of(["train", recipe, .. line]).Returning(ExitCode.Failed);
            Assert.Contains("Read-only file system", call.Error);
            Assert.DoesNotContain("Another process", call.Error);
        }
    }

    [TestMethod]
    [DataRow("x.csv")]
    [DataRow("x.parquet")]
    [DataRow("x.json")]
    [DataRow("x.jsonl")]
    public void Score_on_a_full_or_read_only_disk_says_so_and_leaves_nothing(string name)
    {
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        File.WriteAllBytes(folder["image.png"], ImageWriter.EncodePng(TestImages.Numbered(3)));
        using var disk = new SmallDisk(folder["disk"], "4m", room: 0);
        string output = Path.Combine(disk.Path, name);
        string[] line =
        [
            "score", "--model", folder["detector.onnx"], "--input", folder["image.png"], "--output", output, "--device",
            "cpu",
        ];
        disk.FillUp();

        Assert.Contains($"'{output}' cannot be written: No space left on device", Invocation.Of(line).Returning(ExitCode.Failed).Error);
        disk.MakeReadOnly();
        Assert.Contains($"'{output}' cannot be written: Read-only file system", Invocation.Of(line).Returning(ExitCode.Failed).Error);
        disk.MakeWritable();
        disk.MakeRoom();

        Assert.IsEmpty(Directory.GetFileSystemEntries(disk.Path));
        Invocation.Of(line).Returning(ExitCode.Done);
    }

    [TestMethod]
    public void Plan_on_a_full_disk_leaves_no_job_and_the_next_one_works()
    {
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        File.WriteAllBytes(folder["image.png"], ImageWriter.EncodePng(TestImages.Numbered(3)));
        File.WriteAllText(folder["p.yaml"],
            $"model: {folder["detector.onnx"]}\ninput: {folder["image.png"]}\noutput: {folder["p.csv"]}\ndevice: cpu\n");
        using var disk = new SmallDisk(folder["disk"], "4m", room: 0);
        string job = Path.Combine(disk.Path, "job");
        disk.FillUp();

        Assert.Contains("No space left on device", Invocation.Of("plan", folder["p.yaml"], "--out", job).Returning(ExitCode.Failed).Error);

        Assert.IsFalse(Directory.Exists(job));
        disk.MakeRoom();
        Invocation.Of("plan", folder["p.yaml"], "--out", job).Returning(ExitCode.Done);
    }
}
