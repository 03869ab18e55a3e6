using System.Text.Json;
using KeypointMl.Cli.Running;
using KeypointMl.Inference.Detection;

namespace KeypointMl.Cli.Tests;

/// <summary>The verbs on one tiny run, from recipe to measured detector.</summary>
[TestClass]
public sealed class TrainToEvalTests
{
    private readonly TrainedFolder folder = SharedFolder.Trained;

    [TestMethod]
    public void Train_fills_the_run_folder_and_prints_the_error_beside_the_baselines()
    {
        folder.Trained.Returning(ExitCode.Done);
        foreach (string file in new[] { "recipe.yaml", "log.jsonl", "metrics.json", "report.html" })
            Assert.IsTrue(File.Exists(Path.Combine(folder["run"], file)), file);
        Assert.Contains("mean pose", folder.Trained.Out);
        Assert.Contains("% of image", folder.Trained.Out);
        Assert.Contains("own mean shape by part", folder.Trained.Out);
    }

    [TestMethod]
    public void Train_into_a_run_that_exists_returns_1_and_names_resume() =>
        Assert.Contains("--resume", Invocation.Of("train", folder["recipe.yaml"], "--out", folder["run"]).Returning(ExitCode.Failed).Error);

    [TestMethod]
    public void Distill_makes_a_run_of_its_own_that_is_measured_and_exported()
    {
        string[] small =
        [
            "--set", "articulation.steps=2", "--set", "articulation.warmup_steps=1", "--set", "articulation.size=32", "--set",
                "articulation.width=4", "--set", "articulation.generator_width=4",
            "--set", "articulation.discriminator.width=4", "--set", "articulation.discriminator.layers=2",
            "--set", "student.size=32", "--set", "student.stride=2", "--set", "student.width=4", "--set", "student.steps=2",
        ];
        Invocation distilled =
            Invocation.Of(["distill", "--run", folder["run"], "--out", folder["student"], .. small]).Returning(ExitCode.Done);
        Assert.Contains("% of image", distilled.Out);
        Assert.Contains("method: distillation", File.ReadAllText(Path.Combine(folder["student"], "recipe.yaml")));

        Invocation.Of("export", "--run", folder["student"], "--out", folder["student-onnx"], "--what", "detector").Returning(ExitCode.Done);
        using KeypointDetector detector = KeypointDetector.Load(Path.Combine(folder["student-onnx"], "detector.onnx"));
        Assert.AreEqual(32, detector.Width);

        Invocation calibrated =
            Invocation.Of("calibrate", "--run", folder["student"], "--labels", "test", "--frames", "4").Returning(ExitCode.Done);
        Assert.Contains("with labels, on 4 test frames of puppets", calibrated.Out);
        Assert.Contains("not measured", calibrated.Error);
        Assert.Contains("--labels", Invocation.Of("calibrate", "--run", folder["student"], "--data", folder["puppets.yaml"])
            .Returning(ExitCode.WrongUsage).Error);
        Assert.Contains("--labels", Invocation.Of("calibrate", "--run", folder["student"], "--frames", "4")
            .Returning(ExitCode.WrongUsage).Error);

        Assert.Contains("keypoint-gan", Invocation.Of("distill", "--run", folder["student"], "--out", folder["again"])
            .Returning(ExitCode.Failed).Error);
        Assert.IsFalse(Directory.Exists(folder["again"]));
    }

    [TestMethod]
    public void Eval_prints_json_alone_and_agrees_with_the_run()
    {
        folder.Exported.Returning(ExitCode.Done);

        Invocation call = Invocation.Of("eval", "--model", Path.Combine(folder["onnx"], "detector.onnx"), "--data",
            folder["puppets.yaml"], "--json", "-").Returning(ExitCode.Done);

        JsonElement metrics = JsonDocument.Parse(call.Out).RootElement;
        JsonElement own = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "metrics.json"))).RootElement;
        Assert.AreEqual(8, metrics.GetProperty("frames").GetInt32());
        // Percent of 32 px: the same weights in float32, in another runtime.
        Assert.AreEqual(own.GetProperty("error_percent_of_image").GetDouble(), metrics.GetProperty("error_percent_of_image")
            .GetDouble(), 1e-2);
    }

    [TestMethod]
    public void Eval_with_the_run_tells_left_from_right_by_its_offline_eta()
    {
        folder.Exported.Returning(ExitCode.Done);

        Invocation call = Invocation.Of("eval", "--model", Path.Combine(folder["onnx"], "detector.onnx"), "--data",
            folder["puppets.yaml"], "--run", folder["run"], "--json", "-").Returning(ExitCode.Done);

        JsonElement metrics = JsonDocument.Parse(call.Out).RootElement;
        JsonElement own = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "metrics.json"))).RootElement;
        // as above
        Assert.AreEqual(own.GetProperty("flip_resolved_error_percent").GetDouble(),
            metrics.GetProperty("flip_resolved_error_percent").GetDouble(), 1e-2);
    }

    [TestMethod]
    public void Eval_prints_the_table_of_keypoints_and_the_intervals()
    {
        folder.Exported.Returning(ExitCode.Done);

        string text = Invocation.Of("eval", "--model", Path.Combine(folder["onnx"], "detector.onnx"), "--data",
            folder["puppets.yaml"]).Returning(ExitCode.Done).Out;

        foreach (string expected in new[] { "median", "95 % intervals (1000 resamples of 2 clips", "area under that curve",
            "in pixels of the original crop" })
            Assert.Contains(expected, text);
    }

    [TestMethod]
    public void Postprocess_fits_to_labels_and_export_appends_it()
    {
        folder.Trained.Returning(ExitCode.Done);

        string text = Invocation.Of("postprocess", "--run", folder["run"], "--folds", "2").Returning(ExitCode.Done).Out;
        Invocation.Of("export", "--run", folder["run"], "--out", folder["post"], "--what", "detector", "--postprocess")
            .Returning(ExitCode.Done);
        Invocation call = Invocation.Of("eval", "--model", Path.Combine(folder["post"], "detector.onnx"), "--data",
            folder["puppets.yaml"], "--json", "-").Returning(ExitCode.Done);

        Assert.Contains("a linear regressor fitted to 32 labelled frames of split 'train'", text);
        Assert.Contains("--postprocess", text);
        double fitted = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(folder["run"], "metrics-postprocessed.json"))).RootElement.GetProperty(
            "error_percent_of_image").GetDouble();
        // percent of 32 px: float32 in another runtime
        Assert.AreEqual(fitted, JsonDocument.Parse(call.Out).RootElement.GetProperty("error_percent_of_image").GetDouble(), 1e-2);
        Assert.Contains("split 'validation'", Invocation.Of("postprocess", "--run", folder["run"], "--split", "validation")
            .Returning(ExitCode.Failed).Error);
        Assert.Contains("--ridge is -1; expected 0 or more", Invocation.Of("postprocess", "--run", folder["run"], "--ridge", "-1")
            .Returning(ExitCode.WrongUsage).Error);
    }

    [TestMethod]
    public void Eval_of_an_unknown_split_returns_1_and_lists_those_there_are()
    {
        folder.Exported.Returning(ExitCode.Done);

        Invocation call = Invocation.Of("eval", "--model", Path.Combine(folder["onnx"], "detector.onnx"), "--data",
            folder["puppets.yaml"], "--split", "validation").Returning(ExitCode.Failed);

        Assert.Contains("test", call.Error);
    }

    [TestMethod]
    public void Eval_on_data_with_other_keypoints_returns_1()
    {
        File.WriteAllBytes(folder["colours.onnx"], TestModels.Detector());

        Invocation call = Invocation.Of("eval", "--model", folder["colours.onnx"], "--data", folder["puppets.yaml"])
            .Returning(ExitCode.Failed);

        Assert.Contains("finds the 3 keypoints of skeleton 'colours'", call.Error);
    }

    [TestMethod]
    public void Report_is_written_anew()
    {
        folder.Trained.Returning(ExitCode.Done);
        Directory.CreateDirectory(folder["copy"]);
        foreach (string file in new[] { "recipe.yaml", "log.jsonl", "metrics.json" })
            File.Copy(Path.Combine(folder["run"], file), Path.Combine(folder["copy"], file), overwrite: true);

        Invocation.Of("report", folder["copy"]).Returning(ExitCode.Done);

        Assert.Contains("<html", File.ReadAllText(Path.Combine(folder["copy"], "report.html")));
    }
}
