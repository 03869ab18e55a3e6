using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Tests.Onnx.Trust;

[TestClass]
public sealed class ExternalDataTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void RemoveFolder() => folder.Dispose();

    [TestMethod]
    public void Weights_in_another_file_are_loaded_where_asked()
    {
        byte[] weights = SmallModel.ConvNormRelu().Proto.Graph.Initializer[0].RawData.ToByteArray();
        Directory.CreateDirectory(folder["inner"]);
        byte[] file = [1, 2, 3, .. weights, 4];
        folder.Write("inner/weights.bin", file);

        OnnxModel model = Load(("location", "inner/weights.bin"), ("offset", "3"), ("length", $"{weights.Length}"),
            ("checksum", Convert.ToHexString(SHA1.HashData(file))));

        CollectionAssert.AreEqual(SmallModel.ConvNormRelu().ToArray(), model.ToArray());
    }

    [TestMethod]
    public void Weights_are_counted_before_they_are_read()
    {
        folder.Write("weights.bin", new byte[432]);
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() =>
            OnnxModel.Load(Model(("location", "weights.bin")), new OnnxLoadOptions
            {
                ExternalDataFolder = folder.Path,
                MaxInitializerBytes = 400,
            }));
        StringAssert.Contains(error.Message, "to 432 bytes; at most 400");
    }

    [TestMethod]
    [DataRow("../weights.bin")]
    [DataRow("inner/../../weights.bin")]
    [DataRow("..\\weights.bin")]
    [DataRow("/etc/passwd")]
    [DataRow("C:\\Windows\\win.ini")]
    [DataRow("\\\\server\\share\\file")]
    [DataRow("inner//weights.bin")]
    [DataRow("weights.bin:stream")]
    [DataRow("")]
    public void Path_that_could_lead_out_is_refused(string location) =>
    Refuses("expected a path relative to the folder", ("location", location));

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void Links_are_not_followed()
    {
        using var outside = new TemporaryFolder();
        outside.Write("weights.bin", new byte[432]);
        File.CreateSymbolicLink(folder["link.bin"], outside["weights.bin"]);
        Directory.CreateSymbolicLink(folder["inner"], outside.Path);
        Refuses("through a symbolic link", ("location", "link.bin"));
        Refuses("through a symbolic link", ("location", "inner/weights.bin"));
        Refuses("as files in the cache of Hugging Face are", ("location", "link.bin"));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [Timeout(30_000)]
    public void Pipe_is_not_waited_for()
    {
        using (var make = Process.Start("mkfifo", folder["pipe"]))
            make.WaitForExit();
        Refuses("which is no file", ("location", "pipe"));
    }

    [TestMethod]
    public void What_the_model_says_of_the_file_must_be_so()
    {
        folder.Write("weights.bin", new byte[432]);
        Directory.CreateDirectory(folder["folder"]);
        Refuses("which is no file", ("location", "missing.bin"));
        Refuses("which is no file", ("location", "folder"));
        Refuses("lies at bytes 1 to 433 of 'weights.bin', which has 432", ("location", "weights.bin"), ("offset", "1"));
        Refuses("which has 432", ("location", "weights.bin"), ("offset", long.MaxValue.ToString(CultureInfo.InvariantCulture)));
        Refuses("expected a number of bytes", ("location", "weights.bin"), ("offset", "-1"));
        Refuses("expected a number of bytes", ("location", "weights.bin"), ("length", "99999999999999999999"));
        Refuses("needs 432 bytes and says that 431", ("location", "weights.bin"), ("length", "431"));
        Refuses("'location' of its external data twice", ("location", "weights.bin"), ("location", "other.bin"));
        Refuses("expects 'weights.bin' to have the SHA-1", ("location", "weights.bin"), ("checksum", "00"));
    }

    [TestMethod]
    public void Model_that_contradicts_itself_is_refused()
    {
        ModelProto proto = SmallModel.ConvNormRelu().Proto;
        proto.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => OnnxModel.Load(proto.ToByteArray(), new OnnxLoadOptions
        {
            ExternalDataFolder = folder.Path,
        }));
        StringAssert.Contains(error.Message, "says that its elements are inside");
    }

    private static byte[] Model(params (string Key, string Value)[] entries)
    {
        ModelProto proto = SmallModel.ConvNormRelu().Proto;
        TensorProto weight = proto.Graph.Initializer[0];
        weight.RawData = ByteString.Empty;
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.AddRange(entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return proto.ToByteArray();
    }

    private OnnxModel Load(params (string Key, string Value)[] entries) => OnnxModel.Load(Model(entries), new OnnxLoadOptions
    {
        ExternalDataFolder = folder.Path,
    });

    private void Refuses(string message, params (string Key, string Value)[] entries) =>
        StringAssert.Contains(Assert.ThrowsExactly<OnnxException>(() => Load(entries)).Message, message);
}
