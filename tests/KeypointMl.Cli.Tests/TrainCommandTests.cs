using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

/// <summary><c>train</c>: its options, what it refuses, and how it is stopped and resumed.</summary>
[TestClass]
public sealed class TrainCommandTests
{
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void WriteRecipe(TestContext _)
    {
        folder = new TemporaryFolder();
        TinyPuppets.WriteRecipe(folder);
    }

    [ClassCleanup]
    public static void Delete() => folder.Dispose();

    [TestMethod]
    public void Set_overrides_a_key_of_the_recipe()
    {
        Invocation.Of("train", folder["recipe.yaml"], "--out", folder["changed"], "--set", "training.steps=3").Returning(ExitCode.Done);
        Assert.Contains("steps: 3", File.ReadAllText(Path.Combine(folder["changed"], "recipe.yaml")));
    }

    [TestMethod]
    public void Train_with_an_unknown_key_returns_1_and_leaves_no_folder()
    {
        Assert.Contains("training.stpes",
            Invocation.Of("train", folder["recipe.yaml"], "--out", folder["none"], "--set", "training.stpes=5")
            .Returning(ExitCode.Failed).Error);
        Assert.IsFalse(Directory.Exists(folder["none"]));
    }

    [TestMethod]
    public void Folder_that_is_taken_is_refused_before_data_are_looked_for()
    {
        folder.Write("taken/notes.txt", "mine");
        Assert.Contains("is not empty", Invocation.Of(
            "train", folder["recipe.yaml"], "--out", folder["taken"], "--set", "data.manifest=flies", "--data-root", folder["nowhere"])
            .Returning(ExitCode.Failed).Error);
    }

    [TestMethod]
    public void Train_says_which_files_of_a_folder_it_leaves_out()
    {
        foreach (string name in (string[])["a", "b"])
            ImageWriter.Write(new RgbImage(40, 30), Path.GetFullPath(folder.Write($"images/{name}.png", "")));
        folder.Write("images/notes.txt", "no picture");
        folder.Write("prior.csv", $"id,x0,y0,x1,y1\n{string.Concat(Enumerable.Range(0, 3).Select(i => $"{i},1,{i},9,9\n"))}");
        folder.Write("images.yaml", """
            name: things
            description: Things.
            terms: None.
            obtain: Nowhere.
            reader: { kind: image-folder }
            splits: { train: { folder: images } }
            prior: { poses: prior.csv, width: 20, height: 20 }
            skeleton: { name: pair, keypoints: [a, b], edges: [[a, b]] }
            metrics: { description: test }
            """);

        Assert.Contains("Left out of", Invocation.Of(
            "train", folder["recipe.yaml"], "--out", folder["images-run"], "--data-root", folder.Path,
            "--set", $"data.manifest={folder["images.yaml"]}").Returning(ExitCode.Done).Error);
    }

    [TestMethod]
    public void Stopped_training_returns_1_and_its_message_resumes_it()
    {
        string recipe = folder["recipe.yaml"];
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, after: "training: 4 steps");
        using var error = new StringWriter();

        Assert.AreEqual(ExitCode.Failed, CommandLine.Run(["train", recipe, "--out", folder["resumed"]], output, error, stop.Token),
            error.ToString());
        string message = error.ToString();
        Assert.Contains($"keypointml train {recipe} --out {folder["resumed"]} --resume", message);

        string[] resumeLine =
            message[(message.IndexOf("keypointml train", StringComparison.Ordinal) + "keypointml ".Length)..].Trim().Split(' ');
        Invocation.Of(resumeLine).Returning(ExitCode.Done);
        Assert.IsTrue(File.Exists(Path.Combine(folder["resumed"], "metrics.json")));
    }

    [TestMethod]
    public void Resume_line_has_every_option_and_can_be_given_to_a_shell()
    {
        string recipe = folder["a recipe of o'clock.yaml"];
        File.Copy(folder["recipe.yaml"], recipe);
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, after: "training: 4 steps");
        using var error = new StringWriter();
        string[] arguments =
        [
            "train", recipe, "--out", folder["a run"], "--set", "name=$HOME `x`", "--set", "training.betas=[0.5, 0.9]",
            "--device", "cpu", "--data-root", folder.Path, "--threads", "1",
        ];

        Assert.AreEqual(ExitCode.Failed, CommandLine.Run(arguments, output, error, stop.Token), error.ToString());

        string line = error.ToString().Trim();
        line = line[(line.IndexOf("keypointml train", StringComparison.Ordinal) + "keypointml".Length)..];
        CollectionAssert.AreEqual(arguments.Append("--resume").ToArray(), ShellArguments(line));
        Invocation.Of([.. arguments, "--resume"]).Returning(ExitCode.Done);
    }

    [TestMethod]
    public void Quickstart_into_a_folder_of_which_a_part_is_taken_is_refused_before_it_trains()
    {
        folder.Write("begun/supervised/notes.txt", "mine");

        Invocation call = Invocation.Of("quickstart", "--out", folder["begun"], "--minutes", "0.5").Returning(ExitCode.Failed);

        Assert.Contains($"'{folder["begun/supervised"]}' is not empty", call.Error);
        Assert.IsFalse(Directory.Exists(folder["begun/run"]));
    }

    // What a shell makes of it.
    private static string[] ShellArguments(string line)
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("There is no sh.");
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"printf '%s\\n' {line}"])
        {
            RedirectStandardOutput = true,
        })!;
        string text = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return text.TrimEnd('\n').Split('\n');
    }
}
