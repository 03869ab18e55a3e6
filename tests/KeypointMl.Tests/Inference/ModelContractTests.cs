using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Onnx.Model;
using KeypointMl.Poses.Rendering;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class ModelContractTests
{
    private static readonly OnnxValueInfo Image = new("image", OnnxElementType.UInt8, ["N", 16, 20, 3]);
    private static readonly OnnxValueInfo Keypoints = new("keypoints", OnnxElementType.Float, ["N", 3, 2]);
    private static readonly OnnxValueInfo Confidence = new("confidence", OnnxElementType.Float, ["N", 3]);

    [TestMethod]
    public void Read_detector_gives_size_and_metadata()
    {
        var contract = ModelContract.Read(TestModels.Detector(), "detector.onnx");
        Assert.AreEqual(ModelKind.Detector, contract.Metadata.Kind);
        Assert.AreEqual((TestModels.Width, TestModels.Height, 3), (contract.Width, contract.Height, contract.KeypointCount));
        Assert.AreEqual(TestModels.Skeleton, contract.Metadata.Skeleton);
        Assert.AreEqual("""{"recipe":"test"}""", contract.Metadata.Provenance);
        Assert.IsFalse(contract.HasSkeletonOutput);
    }

    [TestMethod]
    public void Read_generator_gives_its_kind() =>
    Assert.AreEqual(ModelKind.Generator, ModelContract.Read(TestModels.Generator(), "g").Metadata.Kind);

    [TestMethod]
    public void Read_detector_with_skeleton_output_says_so()
    {
        byte[] model = Detector(outputs: [Keypoints, Confidence, new("skeleton", OnnxElementType.Float, ["N", 16, 20])]);
        Assert.IsTrue(ModelContract.Read(model, "d").HasSkeletonOutput);
    }

    [TestMethod]
    public void Read_wrong_kind_names_the_right_door()
    {
        Refused(() => ModelContract.Read(TestModels.Generator(), "g.onnx", ModelKind.Detector), "'g.onnx' is a generator",
            "ImageGenerator");
        Refused(() => ModelContract.Read(TestModels.Detector(), "d.onnx", ModelKind.Generator), "'d.onnx' is a detector",
            "KeypointDetector");
    }

    [TestMethod]
    [DataRow("keypointml.contract", null, "not a KeypointMl model")]
    [DataRow("keypointml.contract", "2", "contract version '2'")]
    [DataRow("keypointml.kind", null, "'keypointml.kind' is missing")]
    [DataRow("keypointml.kind", "segmenter", "expected 'detector' or 'generator'")]
    [DataRow("keypointml.skeleton", null, "'keypointml.skeleton' is missing")]
    [DataRow("keypointml.skeleton", "{", "'keypointml.skeleton' is not a skeleton")]
    [DataRow("keypointml.skeleton", """{"name":"x","keypoints":["a","a"]}""", "names keypoint 'a' twice")]
    [DataRow("keypointml.provenance", null, "'keypointml.provenance' is missing")]
    [DataRow("keypointml.provenance", "[]", "must be a JSON object; found a JSON Array")]
    [DataRow("keypointml.provenance", "none", "text that is not JSON")]
    public void Read_broken_metadata_names_the_key(string key, string? value, string expected)
    {
        Dictionary<string, string> metadata = TestModels.Metadata(ModelKind.Detector);
        if (value is null)
            metadata.Remove(key);
        else
            metadata[key] = value;
        Refused(() => ModelContract.Read(TestModels.Signature(metadata, [Image], [Keypoints, Confidence]), "m.onnx"), "'m.onnx'", expected);
    }

    [TestMethod]
    [DataRow("""{"fall_off":"linear","sigma_squared":0.05,"mode":"edges"}""")]
    [DataRow("""{"fall_off":"squared","gamma":80,"mode":"points"}""")]
    public void Renderer_of_a_generator_is_read_as_it_was_written(string json)
    {
        var metadata = new ModelMetadata(ModelKind.Generator, TestModels.Skeleton, $$"""{"renderer":{{json}}}""");

        GeneratorRenderer renderer = GeneratorRenderer.Find(metadata)!.Value;

        Assert.AreEqual(json, renderer.ToJson().ToJsonString());
        Assert.AreEqual(json.Contains("linear", StringComparison.Ordinal), renderer.FallOff.Kind == FallOff.Linear);
    }

    [TestMethod]
    [DataRow("7")]
    [DataRow("""{"fall_off":"linear","gamma":80,"mode":"edges"}""")]
    [DataRow("""{"fall_off":"linear","sigma_squared":0,"mode":"edges"}""")]
    [DataRow("""{"fall_off":"squared","gamma":"80","mode":"edges"}""")]
    [DataRow("""{"fall_off":"squared","gamma":80}""")]
    public void Renderer_that_no_exporter_writes_is_refused(string json)
    {
        var metadata = new ModelMetadata(ModelKind.Generator, TestModels.Skeleton, $$"""{"renderer":{{json}}}""");

        Assert.Contains(json, Assert.ThrowsExactly<InvalidDataException>(() => GeneratorRenderer.Find(metadata)).Message);
        Assert.IsNull(GeneratorRenderer.Find(new ModelMetadata(ModelKind.Generator, TestModels.Skeleton, "{}")));
        Refused(TestModels.Generator(metadata.Provenance), "'m.onnx' breaks the KeypointMl model contract", json);
    }

    [TestMethod]
    public void Renderer_of_any_length_is_shortened_in_the_message()
    {
        string json = $"\"{new string('x', 5000)}\"";

        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => ModelContract.Read(TestModels.Generator($$"""{"renderer":{{json}}}"""), "m.onnx"));

        Assert.IsLessThan(500, error.Message.Length);
    }

    [TestMethod]
    public void Read_broken_input_names_it()
    {
        Refused(Detector(inputs: [Image with { Name = "frames" }]), "its inputs are 'frames'; expected 'image'");
        Refused(Detector(inputs: [Image with
        {
            ElementType = OnnxElementType.Float,
        }]), "input 'image' is float32 [N,16,20,3]; expected uint8 [N,H,W,3]");
        Refused(Detector(inputs: [Image with { Dimensions = [1, 16, 20, 3] }]), "input 'image' is uint8 [1,16,20,3]");
        Refused(Detector(inputs: [Image with { Dimensions = ["N", 3, 16, 20] }]), "input 'image' is uint8 [N,3,16,20]");
        Refused(Detector(inputs: [Image with { Dimensions = ["N", "H", "W", 3] }]), "fixed H and W");
        Refused(Detector(inputs: [Image with { Dimensions = ["N", 16, 1_000_000, 3] }]), "H and W must be 4 to 8192");
    }

    [TestMethod]
    public void Read_broken_output_names_it()
    {
        Refused(Detector(outputs: [Keypoints]), "it has no output 'confidence' (its outputs are 'keypoints')");
        Refused(Detector(outputs: [Keypoints with
        {
            Dimensions = ["N", 4, 2],
        }, Confidence]), "output 'keypoints' is float32 [N,4,2]; expected float32 [N,K,2] = [N,3,2]");
        Refused(Detector(outputs: [Keypoints with
        {
            ElementType = OnnxElementType.Double,
        }, Confidence]), "output 'keypoints' is double [N,3,2]");
        Refused(Detector(outputs: [Keypoints, Confidence with
        {
            Dimensions = [1, 3],
        }]), "output 'confidence' is float32 [1,3]", "dynamic N");
        Refused(Detector(outputs: [Keypoints, Confidence, new("skeleton", OnnxElementType.Float, ["N", 20, 16])]),
            "output 'skeleton' is float32 [N,20,16]");
    }

    [TestMethod]
    public void Read_no_model_says_so()
    {
        byte[] good = TestModels.Detector();
        Refused([], "'m.onnx' is not a usable ONNX file");
        Refused("this is not a model at all, but a text"u8.ToArray(), "'m.onnx' is not a usable ONNX file");
        Refused(good[..(good.Length / 2)], "'m.onnx'");
    }

    [TestMethod]
    public void ReadFile_missing_says_where_it_looked()
    {
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => ModelContract.ReadFile("no-such.onnx"));
        StringAssert.Contains(error.Message, Path.GetFullPath("no-such.onnx"));
    }

    [TestMethod]
    public void Load_any_truncation_is_refused_without_a_crash()
    {
        byte[] good = TestModels.Detector();
        for (int length = 0; length < good.Length; length += 37)
        {
            byte[] part = good[..length];
            Assert.ThrowsExactly<InvalidDataException>(() => KeypointDetector.Load(part, "part.onnx", new()
            {
                Device = KeypointDevice.Cpu,
            }).Dispose(), $"{length} of {good.Length} bytes");
        }
    }

    private static byte[] Detector(OnnxValueInfo[]? inputs = null, OnnxValueInfo[]? outputs = null) =>
        TestModels.Signature(TestModels.Metadata(ModelKind.Detector), inputs ?? [Image], outputs ?? [Keypoints, Confidence]);

    private static void Refused(byte[] model, params string[] expected) => Refused(() => ModelContract.Read(model, "m.onnx"), expected);

    private static void Refused(Action read, params string[] expected)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(read);
        foreach (string part in expected)
            StringAssert.Contains(error.Message, part);
    }
}
