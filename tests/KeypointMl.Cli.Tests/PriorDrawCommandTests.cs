using System.Text.Json;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class PriorDrawCommandTests
{
    private const string Pose = "nose_x,nose_y,neck_x,neck_y,earL_x,earL_y,earR_x,earR_y\n50,10,50,30,60,25,40,25\n";

    [TestMethod]
    public void Draw_writes_a_prior_that_a_manifest_reads_with_its_skeleton_and_a_picture()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pose.csv"], Pose);

        Invocation call = Invocation.Of("prior", "draw", folder["pose.csv"], "--out", folder["prior.csv"], "--count", "300",
            "--heading", "180", "--preview", folder["prior.png"]).Returning(ExitCode.Done);

        Assert.Contains("300 poses of 4 keypoints in a crop of 128×128", call.Out);
        Assert.Contains("earL/earR", call.Error);
        Assert.IsGreaterThan(1000, ImageDecoder.ReadSize(folder["prior.png"]).Width);
        Directory.CreateDirectory(folder["skeletons"]);
        File.Move(folder["prior.skeleton.yaml"], folder["skeletons/pose.yaml"]);
        File.WriteAllText(folder["m.yaml"], """
            name: drawn
            description: A prior.
            terms: none
            obtain: made by the test
            root: .
            files: [{ path: prior.csv }]
            reader: { kind: prior-only }
            prior: { poses: prior.csv, width: 128, height: 128 }
            skeleton: pose
            metrics: { description: none }
            """);
        Invocation check = Invocation.Of("data", "check", folder["m.yaml"], "--json", "--strict").Returning(ExitCode.Done);
        JsonElement report = JsonDocument.Parse(check.Out).RootElement;
        Assert.AreEqual("ok", report.GetProperty("files")[0].GetProperty("status").GetString());
        Assert.AreEqual(4, report.GetProperty("prior").GetArrayLength());
        Assert.AreEqual("number of poses", report.GetProperty("prior")[0].GetProperty("check").GetString());
        IEnumerable<JsonElement> findings = report.GetProperty("prior").EnumerateArray();
        Assert.IsTrue(findings.All(finding => finding.GetProperty("level").GetString() == "ok"), check.Out);
    }

    [TestMethod]
    public void Draw_with_joints_that_do_not_turn_is_told_by_a_strict_check()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pose.csv"], Pose);
        Invocation.Of("prior", "draw", folder["pose.csv"], "--out", folder["prior.csv"], "--angle", "0", "--length", "0")
            .Returning(ExitCode.Done);
        File.WriteAllText(folder["m.yaml"], $"""
            name: drawn
            description: A prior.
            terms: none
            obtain: made by the test
            reader: {"{"} kind: prior-only {"}"}
            prior: {"{"} poses: prior.csv, width: 128, height: 128 {"}"}
            skeleton:
            {string.Concat(File.ReadLines(folder["prior.skeleton.yaml"]).Select(line => $"  {line}\n"))}
            metrics: {"{"} description: none {"}"}
            """);
        string[] line = ["data", "check", folder["m.yaml"], "--data-root", folder.Path];

        Assert.Contains("WARN variety: ", Invocation.Of(line).Returning(ExitCode.Done).Out);
        Invocation.Of([.. line, "--strict"]).Returning(ExitCode.Failed);
        Assert.DoesNotContain("variety", Invocation.Of([.. line, "--files-only"]).Returning(ExitCode.Done).Out);
    }

    [TestMethod]
    public void Draw_does_not_replace_its_skeleton()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pose.csv", Pose);
        string skeleton = folder.Write("p.skeleton.yaml", "name: mouse # mine\nkeypoints: [nose, neck, earL, earR]\n");

        Assert.Contains("would replace the input", Invocation.Of("prior", "draw", folder["pose.csv"], "--out", folder["p.csv"],
            "--skeleton", skeleton).Returning(ExitCode.Failed).Error);
        Assert.Contains("# mine", File.ReadAllText(skeleton));
    }

    [TestMethod]
    public void Draw_does_not_replace_its_template()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pose.csv"], Pose);

        Assert.Contains("would replace the input",
            Invocation.Of("prior", "draw", folder["pose.csv"], "--out", folder["pose.csv"]).Returning(ExitCode.Failed).Error);
        Assert.AreEqual(Pose, File.ReadAllText(folder["pose.csv"]));
    }
}
