using KeypointMl.Cli.Running;

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
