using KeypointMl.Data;
using KeypointMl.Data.Puppets;
using KeypointMl.Inference;
using KeypointMl.Onnx;
using KeypointMl.Tests.Models;

namespace KeypointMl.Tests.Onnx.Passes;

[TestClass]
public sealed class Float16ConversionTests
{
    // binary16 has 11 bits of precision: sums of a few products of numbers near 1 differ by some 1e-3.
    private const double HalfTolerance = 0.02;

    [TestMethod]
    public void Convolution_and_what_follows_it_run_in_float16_and_softmax_does_not()
    {
        OnnxModel model = ConvReluSoftmax([1, 2, -1, 0.5f]);

        Assert.AreEqual(2, PassCheck.Apply(new Float16Conversion(), model, HalfTolerance), "Conv and Relu");

        Assert.AreEqual("Cast Conv Relu Cast Softmax Mul", PassCheck.Operators(model));
        Assert.AreEqual(OnnxElementType.Float16, model.Initializers.Single(tensor => tensor.Name.StartsWith("weight", StringComparison.Ordinal)).ElementType);
        Assert.AreEqual(OnnxElementType.Float, model.Initializers.Single(tensor => tensor.Name == "scale").ElementType);
    }

    [TestMethod]
    public void Output_made_in_float16_keeps_its_name_and_type_for_caller_and_readers()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3);
        string y = builder.AddNode("y", "Gemm", [x, builder.AddInitializer<float>("w", [1, 2, 3, 4, 5, 6], 3, 2)]);
        string z = builder.AddNode("z", "Relu", [y]);
        string e = builder.AddNode("e", "Exp", [builder.AddNode("t", "Tanh", [y])]);
        builder.AddOutput(y, OnnxElementType.Float, "N", 2);
        builder.AddOutput(z, OnnxElementType.Float, "N", 2);
        builder.AddOutput(e, OnnxElementType.Float, "N", 2);
        Assert.AreEqual(3, PassCheck.Apply(new Float16Conversion(), builder.Build(), HalfTolerance), "Gemm, Relu and Tanh");
    }

    [TestMethod]
    [DataRow(70000f)]
    [DataRow(float.PositiveInfinity)]
    public void Weights_beyond_the_range_keep_their_node_in_float32(float weight)
    {
        OnnxModel model = ConvReluSoftmax([1, weight, -1, 0.5f]);
        Assert.AreEqual(0, new Float16Conversion().Apply(model));
        Assert.IsTrue(model.Initializers.All(tensor => tensor.ElementType == OnnxElementType.Float));
    }

    [TestMethod]
    public void Node_that_is_named_stays_in_float32_and_so_do_its_followers()
    {
        OnnxModel model = ConvReluSoftmax([1, 2, -1, 0.5f]);
        Assert.AreEqual(0, PassCheck.Apply(new Float16Conversion { Float32Nodes = ["conv"] }, model, HalfTolerance));
    }

    [TestMethod]
    public void Weight_shared_with_a_float32_node_is_kept_in_both_types()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 2);
        string w = builder.AddInitializer<float>("w", [1, 2, 3, 4], 2, 2);
        string product = builder.AddNode("product", "MatMul", [x, w]);
        string sum = builder.AddNode("sum", "Add", [builder.AddNode("exp", "Exp", [product]), w]);
        builder.AddOutput(sum, OnnxElementType.Float, "N", 2);
        OnnxModel model = builder.Build();
        Assert.AreEqual(1, PassCheck.Apply(new Float16Conversion(), model, double.PositiveInfinity), "exp of a product of two-digit numbers is no measure");
        CollectionAssert.AreEquivalent((string[])["w", "w/float16"], model.Initializers.Select(tensor => tensor.Name).ToArray());
    }

    [TestMethod]
    [DataRow("puppets")]
    [DataRow("flies")]
    public void Shipped_detector_in_float16_moves_keypoints_by_less_than_a_tenth_of_a_pixel(string name)
    {
        OnnxModel model = OnnxModel.Load(ShippedModels.Detector(name));
        byte[] images = PuppetImages();
        float[] before = Detect(model, images);
        long size = model.ToArray().Length;

        Assert.IsGreaterThan(20, new Float16Conversion().Apply(model));

        float[] after = Detect(model, images);
        Assert.IsLessThanOrEqualTo(0.1f, before.Zip(after, (one, other) => MathF.Abs(one - other)).Max());
        Assert.IsLessThan(0.55 * size, model.ToArray().Length);
    }

    [TestMethod]
    [DataRow("puppets")]
    [DataRow("flies")]
    public void Shipped_generator_in_float16_differs_by_at_most_one_grey_level(string name)
    {
        OnnxModel detector = OnnxModel.Load(ShippedModels.Detector(name));
        OnnxModel model = OnnxModel.Load(ShippedModels.Generator(name));
        byte[] images = PuppetImages();
        float[] keypoints = Detect(detector, images);
        byte[] before = Generate(model, keypoints, images);

        Assert.IsGreaterThan(20, new Float16Conversion().Apply(model));

        byte[] after = Generate(model, keypoints, images);
        Assert.IsLessThanOrEqualTo(1, before.Zip(after, (one, other) => Math.Abs(one - other)).Max());
    }

    private static OnnxModel ConvReluSoftmax(float[] weights)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 2, 3, 3);
        string conv = builder.AddNode("conv", "Conv", [x, builder.AddInitializer<float>("weight", weights, 2, 2, 1, 1)]);
        string probability = builder.AddNode("softmax", "Softmax", [builder.AddNode("relu", "Relu", [conv])], OnnxAttribute.Int("axis", -1));
        string y = builder.AddNode("y", "Mul", [probability, builder.AddInitializer<float>("scale", [3], 1)]);
        builder.AddOutput(y, OnnxElementType.Float, "N", 2, 3, 3);
        return builder.Build();
    }

    private static byte[] PuppetImages()
    {
        using IFrameSet frames = new PuppetDataset(new PuppetOptions { Seed = 77, Width = 64, Height = 64 }).OpenTrainingFrames();
        var images = new byte[12 * 64 * 64 * 3];
        for (int index = 0; index < 12; index++)
            frames.Read(index * (frames.Count / 12), images.AsSpan(index * 64 * 64 * 3, 64 * 64 * 3));
        return images;
    }

    private static float[] Detect(OnnxModel model, byte[] images)
    {
        using KeypointDetector detector = KeypointDetector.Load(model.ToArray(), "detector.onnx");
        var keypoints = new float[12 * detector.KeypointCount * 2];
        detector.Detect(images, keypoints, []);
        return keypoints;
    }

    private static byte[] Generate(OnnxModel model, float[] keypoints, byte[] images)
    {
        using ImageGenerator generator = ImageGenerator.Load(model.ToArray(), "generator.onnx");
        var generated = new byte[images.Length];
        generator.Generate(keypoints, images, generated);
        return generated;
    }
}
