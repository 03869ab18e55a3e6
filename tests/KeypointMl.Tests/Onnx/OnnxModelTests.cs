using Google.Protobuf;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Tests.Onnx;

[TestClass]
public sealed class OnnxModelTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("keypointml-onnx-").FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Model_saved_and_loaded_is_the_same()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        string path = Path.Combine(folder, "model.onnx");

        model.Save(path);
        OnnxModel loaded = OnnxModel.Load(path);

        CollectionAssert.AreEqual(model.ToArray(), loaded.ToArray());
        Assert.AreEqual("image: Float [N,3,8,8]", loaded.Inputs.Single().ToString());
        Assert.AreEqual("heat: Float [N,4,4,4]", loaded.Outputs.Single().ToString());
        Assert.AreEqual("to be read back", loaded.Metadata["test.purpose"]);
        Assert.AreEqual(17, loaded.Opset);
        Assert.AreEqual(8, loaded.IrVersion);
        Assert.AreEqual("test", loaded.ProducerName);
        CollectionAssert.AreEqual((string[])["Conv", "BatchNormalization", "Relu"], loaded.Nodes.Select(node => node.OpType).ToArray());
    }

    [TestMethod]
    public void Save_leaves_only_the_file_and_replaces_an_older_one()
    {
        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllText(path, "older");
        SmallModel.ConvNormRelu().Save(path);
        CollectionAssert.AreEqual((string[])[path], Directory.GetFileSystemEntries(folder));
        OnnxModel.Load(path);
    }

    [TestMethod]
    public void Save_that_fails_half_way_leaves_the_older_file_and_no_other()
    {
        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllText(path, "older");

        Assert.ThrowsExactly<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("the disk is full");
        }));

        Assert.AreEqual("older", File.ReadAllText(path));
        CollectionAssert.AreEqual((string[])[path], Directory.GetFileSystemEntries(folder));
    }

    [TestMethod]
    public void Save_into_a_missing_folder_says_so()
    {
        DirectoryNotFoundException error =
            Assert.ThrowsExactly<DirectoryNotFoundException>(
                () => SmallModel.ConvNormRelu().Save(Path.Combine(folder, "missing", "model.onnx")));
        StringAssert.Contains(error.Message, "create it first");
    }

    [TestMethod]
    public void Metadata_can_be_replaced_and_removed()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.SetMetadata("test.purpose", "another");
        Assert.AreEqual("another", model.Metadata["test.purpose"]);
        Assert.IsTrue(model.RemoveMetadata("test.purpose"));
        Assert.IsFalse(model.RemoveMetadata("test.purpose"));
        Assert.IsEmpty(model.Metadata);
    }

    [TestMethod]
    public void Stored_numbers_are_read_by_their_tensors_name()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        CollectionAssert.AreEqual(SmallModel.Ramp(4 * 3 * 3 * 3), model.ReadFloats("weight"));
        Assert.Contains("'none'", Assert.ThrowsExactly<ArgumentException>(() => model.ReadFloats("none")).Message);
    }

    [TestMethod]
    public void Truncated_file_is_refused_wherever_it_ends()
    {
        // The metadata comes last: without it, and only there, a model may end and still be whole.
        OnnxModel model = SmallModel.ConvNormRelu();
        model.RemoveMetadata("test.purpose");
        byte[] bytes = model.ToArray();
        for (int length = 0; length < bytes.Length; length++)
            Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(bytes.AsMemory(0, length)), $"{length} of {bytes.Length} bytes");
    }

    [TestMethod]
    public void Corrupted_file_is_refused_or_read_without_harm()
    {
        byte[] good = SmallModel.ConvNormRelu().ToArray();
        var random = new Random(1);
        int refused = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                OnnxModel model = OnnxModel.Load(bytes);
                OnnxChecker.Check(model);
                OnnxInspector.Summarize(model).ToString();
            }
            catch (OnnxException)
            {
                refused++;
            }
        }
        Assert.IsGreaterThan(100, refused);
    }

    [TestMethod]
    public void File_of_another_kind_is_refused()
    {
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load("this is not a model, but text"u8.ToArray()));
        StringAssert.Contains(error.Message, "of another kind");
        Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(ReadOnlyMemory<byte>.Empty));
    }

    [TestMethod]
    public void Oversized_file_is_refused_before_it_is_read()
    {
        byte[] bytes = SmallModel.ConvNormRelu().ToArray();
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(bytes, new OnnxLoadOptions { MaxBytes = 100 }));
        StringAssert.Contains(error.Message, $"{bytes.Length} bytes; at most 100");
        error = Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(bytes, new OnnxLoadOptions { MaxNodes = 2 }));
        StringAssert.Contains(error.Message, "more than 2 nodes");
    }

    [TestMethod]
    [DataRow(6L)]
    [DataRow(99L)]
    public void Wrong_opset_is_refused(long opset)
    {
        OnnxException error = Refusal(proto => proto.OpsetImport[0].Version = opset);
        StringAssert.Contains(error.Message, $"version {opset}");
        StringAssert.Contains(error.Message, "7 to 25");
    }

    [TestMethod]
    public void External_data_is_refused()
    {
        OnnxException error = Refusal(proto =>
        {
            proto.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External;
            proto.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../../etc/passwd" });
        });
        StringAssert.Contains(error.Message, "'weight' lives in another file");
    }

    [TestMethod]
    public void Initializer_that_does_not_fill_its_shape_is_refused()
    {
        StringAssert.Contains(Refusal(proto => proto.Graph.Initializer[0].Dims[0] = 5).Message, "should hold 135 elements and holds 108");
        StringAssert.Contains(Refusal(proto => proto.Graph.Initializer[0].Dims[0] = -1).Message, "corrupt");
        StringAssert.Contains(Refusal(proto => proto.Graph.Initializer[0].Dims[0] = long.MaxValue).Message, "corrupt");
        StringAssert.Contains(Refusal(proto => proto.Graph.Initializer[0].DataType = 77).Message, "element type 77");
        StringAssert.Contains(
            Refusal(proto => proto.Graph.Initializer[0].RawData = ByteString.CopyFrom(new byte[(108 * 4) + 1])).Message, "corrupt");
    }

    [TestMethod]
    public void Name_that_is_not_utf8_is_refused()
    {
        byte[] bytes = SmallModel.ConvNormRelu().ToArray();
        int at = bytes.AsSpan().IndexOf("gamma"u8);
        bytes[at] = 0xFF;
        Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(bytes));
    }

    [TestMethod]
    public void Clone_does_not_share_changes()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        OnnxModel copy = model.Clone();
        copy.SetMetadata("test.purpose", "another");
        new BatchNormFolding().Apply(copy);
        Assert.AreEqual("to be read back", model.Metadata["test.purpose"]);
        Assert.HasCount(3, model.Nodes);
    }

    private static OnnxException Refusal(Action<ModelProto> spoil)
    {
        ModelProto proto = SmallModel.ConvNormRelu().Proto;
        spoil(proto);
        return Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(proto.ToByteArray()));
    }
}
