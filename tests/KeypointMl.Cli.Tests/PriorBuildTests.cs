using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class PriorBuildTests
{
    [TestMethod]
    public void Prior_is_built_with_preview_and_provenance()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["m"]);
        File.WriteAllText(folder["m/a.bvh"],
            "HIERARCHY\nROOT A\n{\nOFFSET 0 0 0\nCHANNELS 3 Zrotation Xrotation Yrotation\nEnd Site\n{\nOFFSET 0 1 "
            + "0\n}\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\n0 0 0\n");
        File.WriteAllText(folder["r.yaml"],
            "name: r\nskeleton: { name: s, keypoints: [low, high], edges: [[low, high]] }\ncount: 20\nsource: { kind: "
            + "bvh, files: m/*.bvh }\njoints: { low: A, high: A_end }\n");

        Invocation call = Invocation.Of("prior", "build", folder["r.yaml"], "--data-root", folder.Path, "--out", folder["p.csv"],
            "--preview", folder["p.png"]).Returning(ExitCode.Done);

        Assert.Contains("20 poses of 2 keypoints in a crop of 128×128, from 1 source poses of 1 files", call.Out);
        Assert.HasCount(21, File.ReadAllLines(folder["p.csv"]));
        Assert.IsTrue(File.Exists(folder["p.provenance.json"]));
        Assert.IsGreaterThan(128, ImageDecoder.ReadSize(folder["p.png"]).Width);
        Assert.Contains("p.png: 20 of the poses", call.Out);
    }

    [TestMethod]
    public void Prior_does_not_replace_its_recipe_which_is_looked_at_before_the_poses()
    {
        using var folder = new TemporaryFolder();
        string recipe = folder.Write("r.csv", "name: r\n");

        Assert.Contains("would replace the input",
            Invocation.Of("prior", "build", recipe, "--data-root", folder.Path, "--out", recipe).Returning(ExitCode.Failed).Error);
    }

    [TestMethod]
    public void Prior_from_a_folder_that_is_not_there_returns_1()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("There is no folder",
            Invocation.Of("prior", "build", "bandai-namco", "--data-root", folder.Path, "--out", folder["p.csv"])
            .Returning(ExitCode.Failed).Error);
    }
}
