using System.Text.Json;
using System.Text.Json.Nodes;
using KeypointMl.Cli.Running;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Rendering;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Cli.Tests;

/// <summary>The verbs on one tiny run, from recipe to measured detector.</summary>
[TestClass]
public sealed class TrainToEvalTests
{
    private static TemporaryFolder folder = null!;
    private static Invocation trained = null!;
    private static Invocation exported = null!;

    [ClassInitialize]
    public static void TrainAndExport(TestContext _)
    {
        folder = new TemporaryFolder();
        string recipe = TinyPuppets.WriteRecipe(folder);
        trained = Invocation.Of("train", recipe, "--out", folder["run"]);
        exported = Invocation.Of("export", "--run", folder["run"], "--out", folder["onnx"]);
    }

    [ClassCleanup]
    public static void Delete() => folder.Dispose();

    [TestMethod]
    public void Train_fills_the_run_folder_and_prints_the_error_beside_the_baselines()
    {
        trained.Returning(ExitCode.Done);
        foreach (string file in new[] { "recipe.yaml", "log.jsonl", "metrics.json", "report.html" })
            Assert.IsTrue(File.Exists(Path.Combine(folder["run"], file)), file);
        Assert.Contains("mean pose", trained.Out);
        Assert.Contains("% of image", trained.Out);
        Assert.Contains("own mean shape by part", trained.Out);
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
        Assert.Contains("expected calibration error", calibrated.Out);
        Assert.Contains("--labels", Invocation.Of("calibrate", "--run", folder["student"], "--frames", "4")
            .Returning(ExitCode.WrongUsage).Error);

        Assert.Contains("keypoint-gan", Invocation.Of("distill", "--run", folder["student"], "--out", folder["again"])
            .Returning(ExitCode.Failed).Error);
        Assert.IsFalse(Directory.Exists(folder["again"]));
    }

    [TestMethod]
    public void Export_writes_both_graphs_and_says_how_well_they_agree()
    {
        exported.Returning(ExitCode.Done);
        Assert.Contains("largest difference", exported.Out);
        Assert.AreEqual(ModelKind.Detector, ModelContract.ReadFile(Path.Combine(folder["onnx"], "detector.onnx")).Metadata.Kind);
        Assert.AreEqual(ModelKind.Generator, ModelContract.ReadFile(Path.Combine(folder["onnx"], "generator.onnx")).Metadata.Kind);
    }

    [TestMethod]
    public void Eval_prints_json_alone_and_agrees_with_the_run()
    {
        exported.Returning(ExitCode.Done);

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
        exported.Returning(ExitCode.Done);

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
        exported.Returning(ExitCode.Done);

        string text = Invocation.Of("eval", "--model", Path.Combine(folder["onnx"], "detector.onnx"), "--data",
            folder["puppets.yaml"]).Returning(ExitCode.Done).Out;

        foreach (string expected in new[] { "median", "95 % intervals (1000 resamples of 2 clips", "area under that curve",
            "in pixels of the original crop" })
            Assert.Contains(expected, text);
    }

    [TestMethod]
    [DataRow("fp16")]
    [DataRow("int8")]
    public void Export_in_lower_precision_is_smaller_and_says_what_it_costs(string precision)
    {
        exported.Returning(ExitCode.Done);

        string text = Invocation.Of("export", "--run", folder["run"], "--out", folder[precision], "--precision", precision)
            .Returning(ExitCode.Done).Out;

        Assert.Contains("test frames", text);
        Assert.Contains("in fp32", text);
        Assert.AreEqual(precision == "int8", text.Contains("the generator is not exported", StringComparison.Ordinal));
        string generator = Path.Combine(folder[precision], "generator.onnx");
        Assert.AreEqual(precision == "fp16", File.Exists(generator));
        if (precision == "fp16")
        {
            SkeletonFallOff asTrained = SkeletonFallOff.Linear(Recipe.Load(folder["run/recipe.yaml"]).Renderer.SigmaSquared!.Value);
            var contract = ModelContract.Read(File.ReadAllBytes(generator), generator, ModelKind.Generator);
            Assert.AreEqual(new GeneratorRenderer(asTrained, DrawsPoints: false), GeneratorRenderer.Find(contract.Metadata));
        }
        string detector = Path.Combine(folder[precision], "detector.onnx");
        Assert.IsLessThan(0.7, (double)new FileInfo(detector).Length / new FileInfo(Path.Combine(folder["onnx"], "detector.onnx")).Length);
        using KeypointDetector loaded = KeypointDetector.Load(detector);
        JsonElement provenance = JsonDocument.Parse(loaded.Contract.Metadata.Provenance).RootElement;
        Assert.AreEqual(precision, provenance.GetProperty("precision").GetString());
        Assert.IsGreaterThan(0, provenance.GetProperty("precision_cost").GetProperty("fp32_error_percent_of_image").GetDouble());
        Assert.AreEqual(precision == "int8", provenance.TryGetProperty("calibration", out JsonElement calibration));
        if (precision == "int8")
            Assert.Contains("training frames", calibration.GetProperty("from").GetString()!);
        Assert.Contains(precision == "int8"
            ? "QuantizeLinear"
            : "Float16", Invocation.Of("inspect", detector).Returning(ExitCode.Done).Out);
    }

    [TestMethod]
    public void Postprocess_fits_to_labels_and_export_appends_it()
    {
        trained.Returning(ExitCode.Done);

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
        Assert.Contains("postprocessing.ridge", Invocation.Of("postprocess", "--run", folder["run"], "--ridge", "-1")
            .Returning(ExitCode.Failed).Error);
    }

    [TestMethod]
    public void Eval_of_an_unknown_split_returns_1_and_lists_those_there_are()
    {
        exported.Returning(ExitCode.Done);

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
    public void Inspect_says_kind_skeleton_size_and_origin()
    {
        exported.Returning(ExitCode.Done);

        string text = Invocation.Of("inspect", Path.Combine(folder["onnx"], "detector.onnx")).Returning(ExitCode.Done).Out;

        foreach (string expected in new[] { "detector, contract version 1, images of 32×32", "15 keypoints", "Conv", "parameters",
            "multiply-adds", "provenance    recipe: tiny", "bytes of Float" })
            Assert.Contains(expected, text);
    }

    [TestMethod]
    public void Inspect_as_JSON_says_the_same()
    {
        exported.Returning(ExitCode.Done);
        string detector = Path.Combine(folder["onnx"], "detector.onnx");

        var json = JsonNode.Parse(Invocation.Of("inspect", detector, "--json").Returning(ExitCode.Done).Out)!;

        Assert.AreEqual("detector", (string?)json["keypointml"]!["kind"]);
        Assert.AreEqual(15, json["keypointml"]!["skeleton"]!["keypoints"]!.AsArray().Count);
        Assert.AreEqual("tiny", (string?)json["keypointml"]!["provenance"]!["recipe"]);
        Assert.AreEqual(new FileInfo(detector).Length, (long?)json["bytes"]);
        Assert.AreEqual("[{\"name\":\"image\",\"type\":\"UInt8\",\"shape\":[\"N\",32,32,3]}]", json["inputs"]!.ToJsonString());
        Assert.IsGreaterThan(0, (int)json["operators"]!["Conv"]!);
        Assert.IsNull(json["foreign"]);
        Assert.AreEqual("[]", json["problems"]!.ToJsonString());
    }

    [TestMethod]
    public void Inspect_of_a_foreign_model_returns_0_and_says_that_it_is_foreign()
    {
        var foreign = KeypointMl.Onnx.Model.OnnxModel.Load(TestModels.Generator());
        foreach (string key in foreign.Metadata.Keys)
            foreign.RemoveMetadata(key);
        foreign.Save(folder["foreign.onnx"]);

        string text = Invocation.Of("inspect", folder["foreign.onnx"]).Returning(ExitCode.Done).Out;

        Assert.Contains("not a KeypointMl model", text);
        Assert.Contains("ReduceMean 1", text);
        var json = JsonNode.Parse(Invocation.Of("inspect", folder["foreign.onnx"], "--json").Returning(ExitCode.Done).Out)!;
        Assert.IsNull(json["keypointml"]);
        Assert.Contains("not a KeypointMl model", (string?)json["foreign"] ?? "");
    }

    [TestMethod]
    public void Inspect_of_a_broken_graph_shows_it_and_returns_1()
    {
        byte[] bytes = TestModels.Generator();
        int at = bytes.AsSpan().IndexOf("Unsqueeze"u8);
        "Unsqueez3"u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(folder["broken.onnx"], bytes);

        Invocation inspection = Invocation.Of("inspect", folder["broken.onnx"]).Returning(ExitCode.Failed);

        Assert.Contains("ONNX has no operator of that name", inspection.Out);
        Assert.Contains("ONNX has no operator of that name", inspection.Error);
    }

    [TestMethod]
    public void Report_is_written_anew()
    {
        trained.Returning(ExitCode.Done);
        Directory.CreateDirectory(folder["copy"]);
        foreach (string file in new[] { "recipe.yaml", "log.jsonl", "metrics.json" })
            File.Copy(Path.Combine(folder["run"], file), Path.Combine(folder["copy"], file), overwrite: true);

        Invocation.Of("report", folder["copy"]).Returning(ExitCode.Done);

        Assert.Contains("<html", File.ReadAllText(Path.Combine(folder["copy"], "report.html")));
    }
}
