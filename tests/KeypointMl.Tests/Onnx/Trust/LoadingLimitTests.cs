using Google.Protobuf;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Tests.Onnx.Trust;

[TestClass]
public sealed class LoadingLimitTests
{
    [TestMethod]
    public void Nodes_of_nested_graphs_and_functions_count()
    {
        // 2 nodes and one in each branch.
        Refuses("branches", new OnnxLoadOptions { MaxNodes = 3 }, "more than 3 nodes");
        Accepts("branches", new OnnxLoadOptions { MaxNodes = 4 });
        // 2 nodes and 2 in the function.
        Refuses("function", new OnnxLoadOptions { MaxNodes = 3 }, "more than 3 nodes");
        Accepts("function", new OnnxLoadOptions { MaxNodes = 4 });
    }

    [TestMethod]
    public void Depth_of_nested_graphs_counts()
    {
        // Model, graph, node, attribute, graph, output, type, tensor, shape, size.
        Refuses("branches", new OnnxLoadOptions { MaxDepth = 9 }, "nest more than 9 deep");
        Accepts("branches", new OnnxLoadOptions { MaxDepth = 10 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => OnnxModel.Load(SampleModels.All["branches"]().ToArray(), new OnnxLoadOptions
        {
            MaxDepth = 101,
        }));
    }

    [TestMethod]
    public void Stored_tensors_count_by_number_and_by_bytes()
    {
        Refuses("convolutions", new OnnxLoadOptions { MaxTensors = 4 }, "more than 4 stored tensors");
        Accepts("convolutions", new OnnxLoadOptions { MaxTensors = 5 });
        // 4·3·3·3 and four times 4 floats.
        Refuses("convolutions", new OnnxLoadOptions { MaxInitializerBytes = (108 + 15) * 4 }, "to 496 bytes; at most 492");
        Accepts("convolutions", new OnnxLoadOptions { MaxInitializerBytes = (108 + 16) * 4 });
    }

    [TestMethod]
    public void Texts_count_by_their_length()
    {
        Refuses("convolutions", new OnnxLoadOptions { MaxNameBytes = 17 }, "a text of 18 bytes; at most 17");
        Accepts("convolutions", new OnnxLoadOptions { MaxNameBytes = 18 });
        Refuses("convolutions", new OnnxLoadOptions { MaxTextBytes = 14 }, "a text of 15 bytes; at most 14");
        Accepts("convolutions", new OnnxLoadOptions { MaxTextBytes = 15 });
    }

    [TestMethod]
    [DataRow("nodes")]
    [DataRow("attributes")]
    [DataRow("tensors")]
    [DataRow("texts")]
    [DataRow("sizes, as a block")]
    [DataRow("booleans in a list of integers")]
    [DataRow("unknown fields")]
    [DataRow("values")]
    public void Many_small_things_are_refused_before_they_take_memory(string what)
    {
        byte[] bomb = Bomb(what, 2 << 20);
        var options = new OnnxLoadOptions { MaxNodes = int.MaxValue, MaxTensors = int.MaxValue, MaxOverheadBytes = 1 << 20 };
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(bomb, options));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        StringAssert.Contains(error.Message, nameof(OnnxLoadOptions.MaxOverheadBytes));
    }

    [TestMethod]
    [DataRow("nodes")]
    [DataRow("attributes")]
    [DataRow("tensors")]
    [DataRow("texts")]
    [DataRow("sizes, one by one")]
    [DataRow("sizes, as a block")]
    [DataRow("booleans in a list of integers")]
    [DataRow("unknown fields")]
    [DataRow("values")]
    public void What_is_accepted_takes_no_more_memory_than_was_reckoned(string what)
    {
        const int Overhead = 8 << 20;
        var options = new OnnxLoadOptions { MaxNodes = int.MaxValue, MaxTensors = int.MaxValue, MaxOverheadBytes = Overhead };
        // The largest of its kind that is accepted, but for kinds that never take more than eight times their size.
        int size = 1 << 10;
        while (size < 4 << 20 && Passes(Bomb(what, 2 * size), options))
            size *= 2;
        byte[] bomb = Bomb(what, size);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelProto model = ModelProto.Parser.ParseFrom(bomb);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.IsGreaterThan(0, model.CalculateSize());
        // Lists grow by doubling, so what was taken on the way, and is given back, is at most as much again.
        Assert.IsLessThan(2 * (Overhead + (8L * size)), taken, $"{size} bytes of {what}");
    }

    [TestMethod]
    public void Same_model_is_read_from_a_file_and_from_a_part_of_a_buffer()
    {
        byte[] bytes = SmallModel.ConvNormRelu().ToArray();
        using var folder = new TemporaryFolder();
        byte[] padded = [1, 2, 3, .. bytes, 4];
        CollectionAssert.AreEqual(bytes, OnnxModel.Load(folder.Write("model.onnx", bytes)).ToArray());
        CollectionAssert.AreEqual(bytes, OnnxModel.Load(padded.AsMemory(3, bytes.Length)).ToArray());
    }

    [TestMethod]
    public void Unknown_fields_survive_a_read_and_a_write()
    {
        // Field 26 of a model, its devices, is not read here.
        byte[] bytes = [.. SmallModel.ConvNormRelu().ToArray(), 0xD2, 1, 2, 8, 1];
        CollectionAssert.AreEqual(bytes, OnnxModel.Load(bytes).ToArray());
    }

    private static bool Passes(byte[] file, OnnxLoadOptions options)
    {
        try
        {
            WireScanner.Scan(file, "file", options);
            return true;
        }
        catch (OnnxException)
        {
            return false;
        }
    }

    // A model of about the given size that consists of nothing else.
    private static byte[] Bomb(string what, int bytes)
    {
        byte[] content = what switch
        {
            "nodes" => Field(7, Repeat([0x0A, 0], bytes)),
            "attributes" => Field(7, Field(1, Repeat([0x2A, 0], bytes))),
            "tensors" => Field(7, Repeat([0x2A, 0], bytes)),
            "values" => Field(7, Repeat([0x5A, 0], bytes)),
            "texts" => Field(7, Field(1, Repeat([0x0A, 0], bytes))),
            "sizes, one by one" => Field(7, Field(5, Repeat([0x08, 1], bytes))),
            "sizes, as a block" => Field(7, Field(5, Field(1, Repeat([1], bytes)))),
            "booleans in a list of integers" => Field(7, Field(1, Field(5, Field(8, Repeat([1], bytes))))),
            "unknown fields" => Repeat([0xF0, 1, 0], bytes),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        return [0x08, 8, .. content];
    }

    private static byte[] Repeat(byte[] unit, int bytes) => [.. Enumerable.Range(0, bytes / unit.Length).SelectMany(_ => unit)];

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }
        return stream.ToArray();
    }

    private static void Refuses(string sample, OnnxLoadOptions options, string message)
    {
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(SampleModels.All[sample]().ToArray(), options));
        StringAssert.Contains(error.Message, message);
    }

    private static void Accepts(string sample, OnnxLoadOptions options) => OnnxModel.Load(SampleModels.All[sample]().ToArray(), options);
}
