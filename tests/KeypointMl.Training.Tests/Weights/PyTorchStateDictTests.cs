using KeypointMl.Training.Checkpoints.Weights;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class PyTorchStateDictTests
{
    private TemporaryFolder folder = null!;

    [TestInitialize]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Open_state_dict_gives_its_tensors_in_row_major_order(bool legacy)
    {
        byte[] pickle = TwoTensors(legacy);
        byte[] halves = [.. new[] { 0.5, -2.0, 8.0 }.SelectMany(value => BitConverter.GetBytes((Half)value))];
        byte[] floats = PickleWriter.Bytes(0, 1, 2, 3, 4, 5, 6);
        string path = Write(legacy
            ? PickleWriter.Legacy(pickle, ("7", 7, floats), ("8", 3, halves))
            : PickleWriter.Zip(pickle, ("7", floats), ("8", halves)));

        IReadOnlyDictionary<string, WeightArray> arrays = WeightFile.Open(path);

        CollectionAssert.AreEqual(new[] { "a.weight", "a.bias" }, arrays.Keys.ToArray());
        CollectionAssert.AreEqual(new long[] { 2, 3 }, arrays["a.weight"].Shape.ToArray());
        CollectionAssert.AreEqual(new float[] { 1, 3, 5, 2, 4, 6 }, arrays["a.weight"].Read()); // columns of the storage from element 1 on
        CollectionAssert.AreEqual(new[] { 0.5f, -2, 8 }, arrays["a.bias"].Read());
    }

    [TestMethod]
    [DataRow("os", "system")]
    [DataRow("builtins", "eval")]
    [DataRow("torch", "load")]
    [DataRow("torch._utils", "_rebuild_device_tensor_from_numpy")]
    public void Open_pickle_that_names_another_function_is_refused_by_that_name(string module, string name)
    {
        byte[] pickle = new PickleWriter().Start().Global(module, name).Text("touch /tmp/owned").Raw(0x85, (byte)'R').Stop();

        InvalidDataException refused = Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(Write(PickleWriter.Zip(pickle))));

        Assert.Contains($"'{module}.{name}'", refused.Message);
        Assert.Contains("state_dict()", refused.Message);
    }

    [TestMethod]
    public void Open_pickle_with_another_opcode_is_refused_by_its_number()
    {
        // 'i' (INST) imports and calls in one opcode.
        byte[] pickle = new PickleWriter().Start().Mark().Raw((byte)'i').Raw("os\nsystem\n"u8).Stop();

        Assert.Contains("opcode 0x69",
            Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(Write(PickleWriter.Zip(pickle)))).Message);
    }

    [TestMethod]
    public void Open_tensor_beyond_its_storage_is_refused()
    {
        foreach ((int offset, int[] shape, int[] strides) in new (int, int[], int[])[] { (1, [4], [1]), (0, [2, 2], [2, 4]),
            (0, [1000, 1000], [0, 0]), (-1, [2], [1]) })
        {
            byte[] pickle = Dictionary(writer => writer.Text("w").Tensor("FloatStorage", "0", 4, offset, shape, strides));
            Assert.Contains("storage",
                Assert.ThrowsExactly<InvalidDataException>(
                    () => WeightFile.Open(Write(PickleWriter.Zip(pickle, ("0", new byte[16]))))).Message);
        }
    }

    [TestMethod]
    public void Read_storage_of_another_length_is_refused()
    {
        byte[] pickle = Dictionary(writer => writer.Text("w").Tensor("FloatStorage", "0", 4, 0, [4], [1]));
        string path = Write(PickleWriter.Zip(pickle, ("0", new byte[12])));

        Assert.Contains("has 12 bytes", Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(path)["w"].Read()).Message);
    }

    [TestMethod]
    public void Open_archive_with_two_pickles_is_refused()
    {
        byte[] pickle = TwoTensors(legacy: false);

        Assert.Contains("has no data.pkl, or several",
            Assert.ThrowsExactly<InvalidDataException>(
                () => WeightFile.Open(Write(PickleWriter.Zip(pickle, ("data.pkl", pickle))))).Message);
    }

    [TestMethod]
    public void Read_storage_whose_header_in_the_archive_is_damaged_names_file_and_storage()
    {
        byte[] pickle = Dictionary(writer => writer.Text("w").Tensor("FloatStorage", "0", 4, 0, [4], [1]));
        byte[] file = PickleWriter.Zip(pickle, ("0", new byte[16]));
        // The signature of the storage's own header, which the archive's directory does not repeat.
        int header = file.AsSpan().IndexOf("archive/data/0"u8) - 30;
        file[header] ^= 1;
        string path = Write(file);

        string message = Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(path)["w"].Read()).Message;

        Assert.Contains($"'{path}': 'archive/data/0' cannot be read", message);
    }

    [TestMethod]
    public void Read_storage_that_only_a_bomb_could_be_is_refused_before_it_is_read()
    {
        const int Count = 80 << 18;
        byte[] pickle = Dictionary(writer => writer.Text("w").Tensor("FloatStorage", "0", Count, 0, [Count], [1]));
        string path = Write(PickleWriter.Zip(pickle, System.IO.Compression.CompressionLevel.SmallestSize, ("0", new byte[4 * Count])));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("which no weights do", Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(path)["w"].Read()).Message);

        Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Open_whole_model_instead_of_a_state_dict_says_how_to_save_one()
    {
        byte[] pickle = new PickleWriter().Start().Text("not a dictionary").Stop();

        Assert.Contains("torch.save(model.state_dict(), path)",
            Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(Write(PickleWriter.Zip(pickle)))).Message);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Open_damaged_file_is_refused_and_names_it(bool legacy)
    {
        byte[] halves = new byte[6];
        byte[] floats = new byte[28];
        byte[] pickle = TwoTensors(legacy);
        byte[] whole = legacy
            ? PickleWriter.Legacy(pickle, ("7", 7, floats), ("8", 3, halves))
            : PickleWriter.Zip(pickle, ("7", floats), ("8", halves));
        for (int length = 0; length < whole.Length; length += 7)
            AssertRefused(whole[..length], $"the first {length} of {whole.Length} bytes");
        // A flipped bit may leave a valid file; it must not do anything but be read or refused.
        for (int position = 0; position < whole.Length; position++)
        {
            byte[] flipped = [.. whole];
            flipped[position] ^= 0x40;
            try
            {
                foreach (WeightArray array in WeightFile.Open(Write(flipped)).Values)
                    array.Read();
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private void AssertRefused(byte[] content, string what)
    {
        string path = Write(content);
        Assert.Contains(path, Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(path), what).Message);
    }

    internal static byte[] TwoTensors(bool legacy) => Dictionary(writer => writer
        .Text("a.weight").Tensor("FloatStorage", "7", 7, 1, [2, 3], [1, 2], legacy)
        .Text("a.bias").Tensor("HalfStorage", "8", 3, 0, [3], [1], legacy));

    /// <summary>An OrderedDict with the entries, and its attribute _metadata as module.state_dict() sets it.</summary>
    private static byte[] Dictionary(Action<PickleWriter> entries)
    {
        PickleWriter writer = new PickleWriter().Start().OrderedDictionary().Mark();
        entries(writer);
        return writer.Raw((byte)'u', (byte)'}').Text("_metadata").Global("collections", "OrderedDict")
            .Raw((byte)')', (byte)'R', (byte)'s', (byte)'b').Stop();
    }

    private string Write(byte[] content)
    {
        string path = folder["weights.pth"];
        File.WriteAllBytes(path, content);
        return path;
    }
}
