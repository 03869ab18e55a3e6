using System.Text.Json;
using System.Text.Json.Nodes;
using KeypointMl.Cli.Running;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Rendering;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Cli.Tests;

/// <summary>The graphs that export writes of a tiny run, and what inspect says of them and of others.</summary>
[TestClass]
public sealed class ExportAndInspectTests
{
    private readonly TrainedFolder folder = SharedFolder.Trained;

    [TestMethod]
    public void Export_writes_both_graphs_and_says_how_well_they_agree()
    {
        folder.Exported.Returning(ExitCode.Done);
        Assert.Contains("largest difference", folder.Exported.Out);
        Assert.AreEqual(ModelKind.Detector, ModelContract.ReadFile(Path.Combine(folder["onnx"], "detector.onnx")).Metadata.Kind);
        Assert.AreEqual(ModelKind.Generator, ModelContract.ReadFile(Path.Combine(folder["onnx"], "generator.onnx")).Metadata.Kind);
    }

    [TestMethod]
    [DataRow("fp16")]
    [DataRow("int8")]
    public void Export_in_lower_precision_is_smaller_and_says_what_it_costs(string precision)
    {
        folder.Exported.Returning(ExitCode.Done);

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
    public void Export_that_fails_leaves_no_folder()
    {
        Invocation.Of("export", "--run", folder["run"], "--out", folder["failed"], "--postprocess").Returning(ExitCode.Failed);
        Assert.IsFalse(Directory.Exists(folder["failed"]));
    }

    [TestMethod]
    public void Inspect_says_kind_skeleton_size_and_origin()
    {
        folder.Exported.Returning(ExitCode.Done);

        string text = Invocation.Of("inspect", Path.Combine(folder["onnx"], "detector.onnx")).Returning(ExitCode.Done).Out;

        foreach (string expected in new[] { "detector, contract version 1, images of 32×32", "15 keypoints", "Conv", "parameters",
            "multiply-adds", "provenance    recipe: tiny", "bytes of Float" })
            Assert.Contains(expected, text);
    }

    [TestMethod]
    public void Inspect_as_JSON_says_the_same()
    {
        folder.Exported.Returning(ExitCode.Done);
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
    public void Inspect_of_what_is_no_graph_names_the_file()
    {
        File.WriteAllBytes(folder["picture.onnx"], [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);

        Assert.Contains($"'{folder["picture.onnx"]}' cannot be inspected: ",
            Invocation.Of("inspect", folder["picture.onnx"]).Returning(ExitCode.Failed).Error);
    }

    [TestMethod]
    public void Export_that_is_asked_to_stop_writes_no_further_graph_and_leaves_no_empty_folder()
    {
        folder.Exported.Returning(ExitCode.Done);

        Invocation call = Invocation.Of(
            new CancellationToken(canceled: true), "export", "--run", folder["run"], "--out", folder["stopped"]).Returning(ExitCode.Failed);

        Assert.Contains("Stopped", call.Error);
        Assert.IsFalse(Directory.Exists(folder["stopped"]));
    }
}
