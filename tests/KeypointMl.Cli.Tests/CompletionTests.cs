using System.Diagnostics;
using KeypointMl.Cli.Running;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class CompletionTests
{
    [TestMethod]
    [DataRow("keypointml sc", "score")]
    [DataRow("/usr/local/bin/keypointml  data p", "preview")]
    [DataRow("keypointml data check fl", "flies flies-sleap")]
    [DataRow("keypointml train pup", "puppets puppets-full")]
    [DataRow("keypointml eval --model m.onnx --data pup", "puppets")]
    [DataRow("keypointml score --overl", "--overlays")]
    [DataRow("keypointml export --run r --precision f", "fp16 fp32")]
    [DataRow("keypointml completion z", "zsh")]
    [DataRow("keypointml studio --skeleton fl", "fly")]
    [DataRow("keypointml train flies --devi", "--device")]
    [DataRow("keypointml", "")]
    [DataRow("keypointml score --model no", "")]
    public void Words_go_on_from_what_was_typed(string line, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', Words(line, line.Length)));

    [TestMethod]
    public void What_stands_after_the_cursor_is_left_alone() =>
        CollectionAssert.AreEqual(new[] { "score" }, Words("keypointml sc --model m.onnx", "keypointml sc".Length));

    [TestMethod]
    public void Options_are_offered_after_a_dash_only()
    {
        string[] verbs = Words("keypointml ", "keypointml ".Length);

        CollectionAssert.Contains(verbs, "train");
        CollectionAssert.DoesNotContain(verbs, "complete");
        Assert.IsFalse(verbs.Any(word => word.StartsWith('-')), string.Join(' ', verbs));
        CollectionAssert.Contains(Words("keypointml score -", "keypointml score -".Length), "--model");
    }

    [TestMethod]
    [DataRow("bash")]
    [DataRow("zsh")]
    [DataRow("fish")]
    [DataRow("powershell")]
    public void Script_names_the_command_and_what_it_calls(string shell)
    {
        string script = Invocation.Of("completion", shell).Returning(ExitCode.Done).Out;

        Assert.Contains("keypointml complete --position", script);
        Assert.DoesNotContain("NAME", script);
    }

    [TestMethod]
    public void Unknown_shell_is_wrong_usage() =>
        Assert.Contains("tcsh", Invocation.Of("completion", "tcsh").Returning(ExitCode.WrongUsage).Error);

    [TestMethod]
    public void Bash_completes_with_the_script()
    {
        if (!File.Exists("/bin/bash"))
            Assert.Inconclusive("Skipped: there is no /bin/bash.");
        using var folder = new TemporaryFolder();
        folder.Write("script", System.Text.Encoding.UTF8.GetBytes(Invocation.Of("completion", "bash").Returning(ExitCode.Done).Out));
        // In place of the command: says how it was called.
        const string Line = "keypointml score --mo";
        string test = $$"""
            keypointml() { printf '%s|' "$@" >> calls; printf '%s\n' --model; }
            source ./script
            COMP_LINE='{{Line}}' COMP_POINT={{Line.Length}} COMP_WORDS=(keypointml score --mo) COMP_CWORD=2
            _keypointml_words
            echo "${COMPREPLY[@]}"
            complete -p keypointml
            """;
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", test])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.StartsWith("--model\ncomplete ", output);
        Assert.AreEqual($"complete|--position|{Line.Length}|--|{Line}|", File.ReadAllText(folder["calls"]));
    }

    private static string[] Words(string line, int position) =>
        Invocation.Of("complete", "--position", $"{position}", "--", line).Returning(ExitCode.Done).Out
            .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
