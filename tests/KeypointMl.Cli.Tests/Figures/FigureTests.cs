using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;
using KeypointMl.Training.Figures;

namespace KeypointMl.Cli.Tests;

/// <summary>The figures of runs of a few steps.</summary>
[TestClass]
public sealed class FigureTests
{
    private const int Tile = 192;
    private const int Gap = 6;
    private const int Margin = 10;
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        folder = new TemporaryFolder();
        string recipe = TinyPuppets.WriteRecipe(folder);
        Invocation.Of("train", recipe, "--out", folder["run"]).Returning(ExitCode.Done);
        Invocation.Of("train", recipe, "--out", folder["cyclegan"], "--set", "ablation.condition=false", "--set",
            "ablation.bottleneck=false").Returning(ExitCode.Done);
    }

    [ClassCleanup]
    public static void Delete() => folder.Dispose();

    [TestMethod]
    [DataRow("data-flow", 5, 3)]
    [DataRow("leak", 4, 3)]
    [DataRow("predictions", 3, 3)]
    [DataRow("unpaired", 3, 3)]
    [DataRow("transfer", 3, 3)]
    [DataRow("edits", 5, 6)]
    public void Figure_has_the_papers_pictures_and_is_the_same_every_time(string kind, int columns, int rows)
    {
        RgbImage picture = Draw(kind, "run", "a.png");

        Assert.AreEqual(2 * Margin + columns * (Tile + Gap) - Gap, picture.Width);
        Assert.IsGreaterThanOrEqualTo(rows * Tile, picture.Height);
        CollectionAssert.AreEqual(picture.Pixels, Draw(kind, "run", "b.png").Pixels);
    }

    [TestMethod]
    public void Leak_without_condition_is_drawn_and_transfer_is_refused()
    {
        Draw("leak", "cyclegan", "leak.png");

        Assert.Contains("ablation.condition: false",
            Invocation.Of("figure", "transfer", "--run", folder["cyclegan"], "--out", folder["none.png"]).Returning(ExitCode.Failed).Error);
        Assert.IsFalse(File.Exists(folder["none.png"]));
    }

    [TestMethod]
    public void Moving_a_keypoint_changes_the_picture_and_an_unknown_one_is_refused()
    {
        byte[] still = Draw("edits", "run", "still.png", "--move", "head=0,0").Pixels;
        byte[] moved = Draw("edits", "run", "moved.png", "--move", "head=0,-40").Pixels;

        CollectionAssert.AreNotEqual(still, moved);
        Assert.Contains("its keypoints are",
            Invocation.Of("figure", "edits", "--run", folder["run"], "--out", folder["none.png"], "--move", "wing=0,1")
            .Returning(ExitCode.Failed).Error);
        Assert.Contains("NAME=DX,DY",
            Invocation.Of("figure", "edits", "--run", folder["run"], "--out", folder["none.png"], "--move", "head=up")
            .Returning(ExitCode.Failed).Error);
    }

    [TestMethod]
    public void Logarithm_shows_a_pattern_a_thousandth_as_bright_as_the_lines()
    {
        // v = 0, 0.001 and 1 of the skeleton image: a hidden pattern that could not be seen beside a line.
        using TorchSharp.torch.Tensor y = TorchSharp.torch.tensor(new float[] { -1, -0.998f, 1, 1 }, [1, 1, 2, 2]);

        using TorchSharp.torch.Tensor shown = LeakFigure.Logarithm(y);

        float[] values = [.. shown.data<float>()];
        Assert.AreEqual(-1, values[0], 1e-3);
        // a quarter of the way from 10⁻⁴ to 1, on a logarithmic scale of which 10⁻³ is one of four decades
        Assert.AreEqual(-0.5, values[1], 1e-2);
        Assert.AreEqual(1, values[2], 1e-3);
    }

    private static RgbImage Draw(string kind, string run, string name, params string[] more)
    {
        Invocation.Of(["figure", kind, "--run", folder[run], "--out", folder[name], "--examples", "3", .. more]).Returning(ExitCode.Done);
        return ImageDecoder.Decode(folder[name]);
    }
}
