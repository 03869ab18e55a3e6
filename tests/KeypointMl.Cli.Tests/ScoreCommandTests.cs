using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class ScoreCommandTests
{
    [TestMethod]
    [DataRow("p.parquet")]
    [DataRow("p.csv")]
    [DataRow("p.jsonl")]
    [DataRow("p.json")]
    public void Good_images_return_0_and_a_summary(string output)
    {
        using TemporaryFolder folder = WithImages(3);

        Invocation call = Score(folder, output).Returning(ExitCode.Done);

        Assert.StartsWith($"{folder[output]}: 3 poses and 0 failures in 3 frames", call.Out);
        Assert.AreEqual("", call.Error);
        Assert.IsGreaterThan(100, new FileInfo(folder[output]).Length);
    }

    [TestMethod]
    public void Dash_for_output_gives_the_rows_alone_to_standard_output()
    {
        using TemporaryFolder folder = WithImages(2);
        File.WriteAllText(Path.Combine(folder["images"], "\u202Ebroken.jpg"), "no image");

        Score(folder, "p.jsonl").Returning(ExitCode.SomeInputsFailed);
        Invocation call = Invocation.Of(
            "score", "--model", folder["detector.onnx"], "--input", folder["images"], "--output", "-").Returning(ExitCode.SomeInputsFailed);

        string[] expected = File.ReadAllLines(folder["p.jsonl"]), rows = call.Out.TrimEnd().Split('\n');
        Assert.HasCount(3, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.IsTrue(System.Text.Json.Nodes.JsonNode.DeepEquals(
                System.Text.Json.Nodes.JsonNode.Parse(expected[i]), System.Text.Json.Nodes.JsonNode.Parse(rows[i])), rows[i]);
        }
        Assert.DoesNotContain('\u202E', call.Out);
        Assert.Contains("standard output: 2 poses and 1 failures in 3 frames", call.Error);
    }

    [TestMethod]
    public void Corrupt_image_returns_3_and_is_named()
    {
        using TemporaryFolder folder = WithImages(2);
        File.WriteAllText(Path.Combine(folder["images"], "broken.jpg"), "no image");

        Invocation call = Score(folder, "p.csv").Returning(ExitCode.SomeInputsFailed);

        Assert.StartsWith("keypointml: failed: broken.jpg, frame 0: ", call.Error);
        Assert.Contains("2 poses and 1 failures", call.Out);
        Assert.HasCount(4, File.ReadAllLines(folder["p.csv"]));
    }

    [TestMethod]
    public void File_names_cannot_steer_the_terminal()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Skipped: Windows has no such names.");
        using TemporaryFolder folder = WithImages(1);
        File.WriteAllText(Path.Combine(folder["images"], "\u001b[2Ja\nkeypointml: all is well.png"), "no image");
        File.WriteAllText(Path.Combine(folder["images"], "b.\u001b[31m"), "");

        Invocation call = Score(folder, "p.csv").Returning(ExitCode.SomeInputsFailed);
        Invocation missing =
            Invocation.Of("score", "--model", folder["detector.onnx"], "--input", folder["\u001b[2J\nx.png"], "--output",
                folder["q.csv"]).Returning(ExitCode.Failed);
        Invocation wrong = Invocation.Of("score", "--\u001b[2J").Returning(ExitCode.Failed);

        Assert.DoesNotContain('\u001b', call.Error + call.Out + missing.Error + wrong.Error);
        string[] lines = call.Error.TrimEnd().Split('\n');
        Assert.HasCount(2, lines);
        Assert.Contains("1 .\\u001b[31m", lines[0]);
        Assert.StartsWith("keypointml: failed: \\u001b[2Ja\\nkeypointml: all is well.png, frame 0: ", lines[1]);
        Assert.Contains("\\u001b[2J\\nx.png", missing.Error);
    }

    [TestMethod]
    public void What_a_folder_s_files_are_left_out_is_said()
    {
        using TemporaryFolder folder = WithImages(1);
        File.WriteAllText(Path.Combine(folder["images"], "a.tif"), "");
        File.Copy(Path.Combine(folder["images"], "0.png"), Path.Combine(folder["images"], "b.jfif"));

        Invocation call = Score(folder, "p.csv").Returning(ExitCode.Done);

        Assert.StartsWith($"keypointml: Left out of {folder["images"]}: 1 .tif (images are .jpg", call.Error);
        Assert.Contains("2 poses and 0 failures", call.Out);
    }

    [TestMethod]
    public void List_that_is_the_output_is_kept()
    {
        using TemporaryFolder folder = WithImages(1);
        File.WriteAllText(folder["both.csv"], "path\nimages/0.png\n");

        Invocation call = Invocation.Of("score", "--model", folder["detector.onnx"], "--input", folder["both.csv"], "--output",
            folder["both.csv"], "--device", "cpu").Returning(ExitCode.Failed);

        Assert.Contains($"The output '{folder["both.csv"]}' would replace the input '{folder["both.csv"]}'", call.Error);
        Assert.AreEqual("path\nimages/0.png\n", File.ReadAllText(folder["both.csv"]));
    }

    [TestMethod]
    public void Empty_folder_returns_1_and_says_what_was_expected()
    {
        using TemporaryFolder folder = WithImages(0);

        Assert.Contains("has no image", Score(folder, "p.csv").Returning(ExitCode.Failed).Error);
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    public void Model_that_is_not_ours_returns_1_and_says_so()
    {
        using TemporaryFolder folder = WithImages(1);
        var foreign = KeypointMl.Onnx.Model.OnnxModel.Load(TestModels.Detector());
        foreign.RemoveMetadata("keypointml.contract");
        foreign.Save(folder["detector.onnx"]);

        Assert.Contains("not a KeypointMl model", Score(folder, "p.csv").Returning(ExitCode.Failed).Error);

        File.WriteAllText(folder["detector.onnx"], "no ONNX");
        Assert.Contains("not a usable ONNX file", Score(folder, "p.csv").Returning(ExitCode.Failed).Error);
        Assert.IsFalse(File.Exists(folder["p.csv"]));
    }

    [TestMethod]
    public void Declared_pipeline_scores_and_an_unknown_key_is_refused_with_its_line()
    {
        using TemporaryFolder folder = WithImages(2);
        string good = $"model: {folder["detector.onnx"]}\ninput: {folder["images"]}\noutput: {folder["p.csv"]}\n";
        File.WriteAllText(folder["good.yaml"], good);
        File.WriteAllText(folder["bad.yaml"], good + "smooth: true\n");

        Invocation.Of("score", folder["good.yaml"], "--threads", "1").Returning(ExitCode.Done);
        Invocation call = Invocation.Of("score", folder["bad.yaml"]).Returning(ExitCode.Failed);

        Assert.Contains($"{folder["bad.yaml"]}:4:1: unknown key 'smooth'", call.Error);
    }

    private static TemporaryFolder WithImages(int count)
    {
        var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        Directory.CreateDirectory(folder["images"]);
        for (int i = 0; i < count; i++)
            ImageWriter.Write(TestImages.Numbered(i), Path.Combine(folder["images"], $"{i}.png"));
        return folder;
    }

    private static Invocation Score(TemporaryFolder folder, string output) =>
        Invocation.Of("score", "--model", folder["detector.onnx"], "--input", folder["images"], "--output", folder[output],
            "--device", "cpu", "--threads", "1");
}
