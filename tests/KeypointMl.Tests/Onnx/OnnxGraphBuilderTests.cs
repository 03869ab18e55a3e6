using System.Buffers;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx;

[TestClass]
public sealed class OnnxGraphBuilderTests
{
    [TestMethod]
    public void Names_are_kept_unique()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N");
        Assert.AreEqual("relu", builder.AddNode("relu", "Relu", [x]));
        Assert.AreEqual("relu_1", builder.AddNode("relu", "Relu", [x]));
        Assert.AreEqual("x_1", builder.AddInitializer<float>("x", [1f], 1));
        Assert.ThrowsExactly<ArgumentException>(() => builder.AddInput("relu", OnnxElementType.Float, 1));
    }

    [TestMethod]
    public void Equal_constants_are_stored_once_and_others_apart()
    {
        var builder = new OnnxGraphBuilder();
        string first = builder.AddConstant<long>("axes", [2], 1);
        Assert.AreEqual(first, builder.AddConstant<long>("other", [2], 1));
        Assert.AreNotEqual(first, builder.AddConstant<long>("axes", [2]), "a scalar is not a vector of one");
        Assert.AreNotEqual(first, builder.AddConstant<long>("axes", [3], 1));
        Assert.AreNotEqual(first, builder.AddInitializer<long>("axes", [2], 1), "an initializer is always new");
    }

    [TestMethod]
    public void Initializer_of_another_size_than_its_shape_is_refused()
    {
        var builder = new OnnxGraphBuilder();
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => builder.AddInitializer<float>("w", [1, 2, 3], 2, 2));
        StringAssert.Contains(error.Message, "needs 4 elements of 4 bytes; 12 bytes were given");
    }

    [TestMethod]
    public void Attributes_are_read_back_with_their_types()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 1, 4, 4);
        string y = builder.AddNode("pool", "MaxPool", [x], OnnxAttribute.Ints("kernel_shape", 2, 2),
            OnnxAttribute.Int("ceil_mode", 1), OnnxAttribute.Text("auto_pad", "NOTSET"));
        string z = builder.AddNode("act", "LeakyRelu", [y], OnnxAttribute.Float("alpha", 0.25f));
        builder.AddOutput(z, OnnxElementType.Float, "N", 1, 3, 3);

        OnnxModel model = OnnxModel.Load(builder.Build().ToArray());

        CollectionAssert.AreEqual((long[])[2, 2], ((IEnumerable<long>)model.Nodes[0].Attributes["kernel_shape"]!).ToArray());
        Assert.AreEqual(1L, model.Nodes[0].Attributes["ceil_mode"]);
        Assert.AreEqual("NOTSET", model.Nodes[0].Attributes["auto_pad"]);
        Assert.AreEqual(0.25f, model.Nodes[1].Attributes["alpha"]);
    }

    [TestMethod]
    public void Attribute_type_follows_from_the_value()
    {
        Assert.AreEqual(1L, OnnxAttribute.From("a", true).Value);
        Assert.AreEqual(3L, OnnxAttribute.From("a", 3).Value);
        Assert.AreEqual(0.5f, OnnxAttribute.From("a", 0.5).Value);
        Assert.AreEqual(1L, OnnxAttribute.From("to", OnnxElementType.Float).Value);
        Assert.AreEqual(2, ((System.Collections.Immutable.ImmutableArray<long>)OnnxAttribute.From("a", (int[])[1, 2]).Value).Length);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => OnnxAttribute.From("a", DateTime.UnixEpoch)).Message, "System.DateTime");
    }

    [TestMethod]
    public void Build_refuses_a_wrong_graph()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N");
        string y = builder.AddNode("y", "Relu", [x, "nothing"]);
        builder.AddOutput(y, OnnxElementType.Float, "N");
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => builder.Build());
        StringAssert.Contains(error.Message, "reads 'nothing'");
        StringAssert.Contains(error.Message, "has 2 inputs; expected 1 to 1");
    }

    [TestMethod]
    [DataRow(16)]
    [DataRow(22)]
    public void Opset_outside_the_range_is_refused(int opset) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxGraphBuilder(opset: opset));

    [TestMethod]
    public void AddSharedInitializer_refuses_what_it_cannot_tell_from_its_own_and_a_wrong_size()
    {
        var builder = new OnnxGraphBuilder("shared", 17);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() =>
                builder.AddSharedInitializer("w", OnnxElementType.Float, new byte[8], 2)).Message, nameof(OnnxGraphBuilder.AddInitializer));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => builder.AddSharedInitializer("w", OnnxElementType.Float, new byte[8], 3)).Message, "8 bytes were given");
    }

    [TestMethod]
    public void A_model_of_more_than_2_GiB_is_refused_before_anything_is_written()
    {
        var builder = new OnnxGraphBuilder("large", 17);
        using IMemoryOwner<byte> owner = new OpaqueMemory(256 << 20); // one memory, stored nine times
        Memory<byte> weights = owner.Memory;
        for (int i = 0; i < 9; i++)
            builder.AddSharedInitializer($"w{i}", OnnxElementType.Float, weights, weights.Length / 4);
        builder.AddOutput(builder.AddNode("y", "Identity", ["w0"]), OnnxElementType.Float, weights.Length / 4);
        OnnxModel model = builder.Build();
        using var folder = new TemporaryFolder();
        string path = folder["large.onnx"];
        StringAssert.Contains(Assert.ThrowsExactly<OnnxException>(() => model.Save(path)).Message, "2.4 GB");
        Assert.ThrowsExactly<OnnxException>(model.ToArray);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
        Assert.IsGreaterThan(9L * weights.Length, OnnxInspector.Summarize(model).SizeInBytes);
    }

    /// <summary>Memory that does not show its array, as libtorch's does not.</summary>
    private sealed class OpaqueMemory(int length) : MemoryManager<byte>
    {
        private readonly byte[] bytes = new byte[length];

        public override Span<byte> GetSpan() => bytes;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
