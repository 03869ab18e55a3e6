using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KeypointMl.Cli.Running;

namespace KeypointMl.Cli.Tests;

/// <summary>What only the program itself shows: its encoding, its folder, and what it says without libtorch.</summary>
[TestClass]
public sealed class ProgramTests
{
    private static readonly string[] WindowsNatives = ["LibTorchSharp.dll", "torch.dll", "torch_cpu.dll", "c10.dll"];

    [TestMethod]
    public void Output_is_UTF_8_whatever_the_systems_encoding()
    {
        (int code, byte[] output, _) = Run(AppContext.BaseDirectory, ["quickstart", "--help"], AppContext.BaseDirectory);

        Assert.AreEqual(ExitCode.Done, code);
        Assert.AreNotEqual(0xEF, output[0], "no byte order mark");
        Assert.Contains("puppets → train", Encoding.UTF8.GetString(output));
    }

    [TestMethod]
    public void Data_list_names_a_manifest_that_cannot_be_read_and_lists_the_others()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data-manifests/broken.yaml", "name: [");

        (int code, byte[] output, string error) = Run(AppContext.BaseDirectory, ["data", "list"], folder.Path);

        Assert.AreEqual(ExitCode.SomeInputsFailed, code, error);
        Assert.Contains("broken.yaml", error);
        Assert.Contains("puppets", Encoding.UTF8.GetString(output));
    }

    [TestMethod]
    public void Training_without_libtorch_says_so_first_and_how_to_get_it()
    {
        using TemporaryFolder folder = WithoutLibTorch();

        (int code, _, string error) = Run(folder.Path, ["train", "no-such-recipe", "--out", folder["run"]], folder.Path);
        Assert.AreEqual(ExitCode.Failed, code);
        Assert.Contains("no-such-recipe", error, "a recipe is read before");

        (code, _, error) = Run(folder.Path, ["quickstart", "--out", folder["run"]], folder.Path);
        Assert.AreEqual(ExitCode.Failed, code, error);
        Assert.Contains("keypointml: Training runs on libtorch, which this application does not have", error);
        Assert.Contains("dotnet add package libtorch-cpu-linux-x64", error);
        Assert.DoesNotContain("unexpected", error);
        Assert.IsFalse(Directory.Exists(folder["run"]));
    }

    [TestMethod]
    public void Doctor_without_libtorch_says_what_does_not_work_also_with_threads()
    {
        using TemporaryFolder folder = WithoutLibTorch();

        (int code, byte[] output, string error) = Run(folder.Path, ["doctor", "--json", "--threads", "2"], folder.Path);

        Assert.AreEqual(ExitCode.Failed, code, error);
        JsonElement problems = JsonDocument.Parse(output).RootElement.GetProperty("problems");
        Assert.Contains("libtorch cannot be loaded", problems.GetRawText());
    }

    [TestMethod]
    [DataRow("KeypointMl.Cli")]
    [DataRow("KeypointMl.Score")]
    public void Usage_and_hints_call_each_tool_by_its_own_name(string project)
    {
        var built = XDocument.Load(RepositoryFiles.Path($"src/{project}/{project}.csproj"));
        string typed = built.Descendants("ToolCommandName").Single().Value;
        Assert.Contains($"CommandName = \"{typed}\";", File.ReadAllText(RepositoryFiles.Path($"src/{project}/Verbs.cs")));
    }

    [TestMethod]
    public void Message_that_says_what_to_type_calls_the_program_by_its_own_name()
    {
        using var folder = new TemporaryFolder();
        var built = XDocument.Load(RepositoryFiles.Path("src/KeypointMl.Score/KeypointMl.Score.csproj"));
        XElement named = built.Descendants("RuntimeHostConfigurationOption")
            .Single(option => option.Attribute("Include")!.Value == "KeypointMl.CommandName");
        Assert.AreEqual("$(ToolCommandName)", named.Attribute("Value")!.Value);
        var settings = JsonNode.Parse(File.ReadAllText(Settings))!;
        settings["runtimeOptions"]!["configProperties"]!["KeypointMl.CommandName"] = "keypointml-score";
        File.WriteAllText(folder["score.runtimeconfig.json"], settings.ToJsonString());
        string[] line = ["merge", "nowhere"];

        (int own, _, string error) = Run(AppContext.BaseDirectory, line, folder.Path, folder["score.runtimeconfig.json"]);
        (int usual, _, string usualError) = Run(AppContext.BaseDirectory, line, folder.Path);

        Assert.AreEqual((ExitCode.Failed, ExitCode.Failed), (own, usual));
        Assert.Contains("Plan one: keypointml-score plan PIPELINE.yaml --out nowhere", error);
        Assert.Contains("Plan one: keypointml plan PIPELINE.yaml --out nowhere", usualError);
    }

    private static string Settings => Path.Combine(AppContext.BaseDirectory, "KeypointMl.Cli.runtimeconfig.json");

    // The managed part of the command, in a folder of its own.
    private static TemporaryFolder WithoutLibTorch()
    {
        var folder = new TemporaryFolder();
        foreach (string assembly in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            if (!WindowsNatives.Contains(Path.GetFileName(assembly)))
                File.Copy(assembly, folder[Path.GetFileName(assembly)]);
        }
        return folder;
    }

    private static (int Code, byte[] Output, string Error) Run(
        string program, string[] arguments, string workingFolder, string? settings = null)
    {
        var start = new ProcessStartInfo(
            "dotnet", ["exec", "--runtimeconfig", settings ?? Settings, Path.Combine(program, "KeypointMl.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder,
        };
        start.Environment["LC_ALL"] = "en_US.ISO-8859-1";
        // TorchSharp looks there for natives that are not beside it, and copies half a gigabyte of them.
        start.Environment["NUGET_PACKAGES"] = Path.Combine(workingFolder, "no-packages");
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, output.ToArray(), errors.Result);
    }
}
