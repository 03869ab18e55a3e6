using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using KeypointMl.Training.Checkpoints.Safetensors;
using TorchSharp;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class SafetensorsFileTests
{
    private const string Two =
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""";

    [TestMethod]
    public void Write_then_read_gives_the_same_tensors_and_metadata()
    {
        var metadata = ImmutableSortedDictionary.CreateRange(
            [KeyValuePair.Create("recipe", "name: \"x\"\nη: 1\n"), KeyValuePair.Create("step", "5")]);
        SafetensorsTensor[] tensors =
        [
            new("bytes", SafetensorsType.U8, [3], new byte[] { 1, 2, 3 }),
            new("weights/η", SafetensorsType.F32, [1, 2], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
            new("scalar", SafetensorsType.I64, [], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }),
            new("empty", SafetensorsType.F32, [0, 4], Array.Empty<byte>()),
        ];
        var stream = new MemoryStream();

        new SafetensorsFile(tensors, metadata).Write(stream);
        stream.Position = 0;
        SafetensorsFile file = SafetensorsFile.Read(stream, "memory");

        CollectionAssert.AreEqual(metadata.ToArray(), file.Metadata.ToArray());
        Assert.HasCount(4, file.Tensors);
        foreach (SafetensorsTensor tensor in tensors)
        {
            Assert.AreEqual(tensor.Type, file[tensor.Name].Type);
            CollectionAssert.AreEqual(tensor.Shape, file[tensor.Name].Shape);
            CollectionAssert.AreEqual(tensor.Data.ToArray(), file[tensor.Name].Data.ToArray());
        }
        Assert.AreEqual(0UL, BinaryPrimitives.ReadUInt64LittleEndian(stream.ToArray()) % 8, "the data is aligned");
    }

    [TestMethod]
    public void Read_file_of_the_reference_implementations_form_is_accepted()
    {
        SafetensorsFile file = Read(Two + "     ", new byte[11]);

        CollectionAssert.AreEqual(new[] { "a", "b" }, file.Tensors.Select(tensor => tensor.Name).ToArray());
        Assert.IsEmpty(Read("{}", []).Tensors);
        Assert.IsEmpty(Read("""{"__metadata__":{}}""", []).Tensors);
    }

    [TestMethod]
    [DataRow(Two, 10, "cut short", DisplayName = "truncated data")]
    [DataRow(Two, 12, "followed by something else", DisplayName = "trailing data")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[7,10]}}""", 10,
        "inside the tensor before it", DisplayName = "overlap")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8,
        "inside the tensor before it", DisplayName = "same bytes twice")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[9,12]}}""", 12,
        "after a hole", DisplayName = "hole")]
    [DataRow("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[2,5]}}""", 5, "after a hole", DisplayName = "hole at the start")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2,
        "names 'a' twice", DisplayName = "duplicate tensor")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        2, "names 'a' twice", DisplayName = "duplicate tensor, escaped")]
    [DataRow("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "has 'k' twice", DisplayName = "duplicate metadata")]
    [DataRow("""{"__metadata__":{},"__metadata__":{}}""", 0, "names '__metadata__' twice", DisplayName = "two metadata")]
    [DataRow("""{"__metadata__":{"k":1}}""", 0, "expected a String", DisplayName = "metadata not text")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "another number of bytes",
        DisplayName = "shape and size disagree")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}}""", 8,
        "another number of bytes", DisplayName = "shape overflows")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "not a whole number", DisplayName = "negative size")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1, "not a whole number", DisplayName = "fractional size")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 1, "not a whole number",
        DisplayName = "offset beyond 64 bits")]
    [DataRow("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[1,0]}}""", 1, "another number of bytes", DisplayName = "offsets reversed")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}""", 1, "two data_offsets", DisplayName = "three offsets")]
    [DataRow("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", 8, "dtype 'F33'", DisplayName = "unknown type")]
    [DataRow("""{"a":{"dtype":9,"shape":[2],"data_offsets":[0,8]}}""", 8, "expected a String", DisplayName = "type by number")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "needs dtype, shape and two data_offsets", DisplayName = "no offsets")]
    [DataRow("""{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "unknown or there twice",
        DisplayName = "type twice")]
    [DataRow("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"code":"x"}}""", 1, "unknown or there twice",
        DisplayName = "unknown field")]
    [DataRow("""{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "without a name", DisplayName = "empty name")]
    [DataRow("""{"a":[1]}""", 0, "expected a StartObject", DisplayName = "tensor is a list")]
    [DataRow("""{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{}}}}}}}}}""", 0, "", DisplayName = "deep nesting")]
    [DataRow(""" {}""", 0, "does not begin with '{'", DisplayName = "leading space")]
    [DataRow("""{}x""", 0, "not JSON", DisplayName = "something after the object")]
    [DataRow("""{"a":""", 0, "not JSON", DisplayName = "header cut short")]
    [DataRow("", 0, "does not begin with '{'", DisplayName = "empty header")]
    [DataRow("[]", 0, "does not begin with '{'", DisplayName = "a list")]
    public void Read_attack_is_refused(string header, int dataLength, string message)
    {
        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => Read(header, new byte[dataLength]));

        Assert.StartsWith("'attack' is not a safetensors file, or damaged: ", exception.Message);
        Assert.Contains(message, exception.Message);
    }

    [TestMethod]
    [DataRow(ulong.MaxValue, "at most 100000000 are allowed")]
    [DataRow(100_000_001UL, "at most 100000000 are allowed")]
    [DataRow(100UL, "but only 2 follow")]
    public void Read_huge_header_is_refused_before_memory_is_taken(ulong length, string message)
    {
        byte[] file = [.. BitConverter.GetBytes(length), (byte)'{', (byte)'}'];
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException exception =
            Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsFile.Read(new MemoryStream(file), "attack"));

        Assert.Contains(message, exception.Message);
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_every_truncation_of_a_good_file_is_refused()
    {
        var stream = new MemoryStream();
        new SafetensorsFile([new("a", SafetensorsType.F32, [2], new byte[8])],
            ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("k", "v")])).Write(stream);
        byte[] file = stream.ToArray();

        for (int length = 0; length < file.Length; length++)
        {
            Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsFile.Read(new MemoryStream(file, 0, length), "attack"),
                $"{length} bytes");
        }
    }

    [TestMethod]
    public void Read_header_with_invalid_utf8_is_refused()
    {
        byte[] header = Encoding.Latin1.GetBytes("""{"ÿ":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""");
        byte[] file = [.. BitConverter.GetBytes((ulong)header.Length), .. header, 0];

        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsFile.Read(new MemoryStream(file), "attack"));
    }

    [TestMethod]
    public void Tensor_of_wrong_size_or_name_cannot_be_made()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new SafetensorsTensor("a", SafetensorsType.F32, [2], new byte[7]));
        Assert.ThrowsExactly<ArgumentException>(() => new SafetensorsTensor("__metadata__", SafetensorsType.U8, [0], Array.Empty<byte>()));
        Assert.ThrowsExactly<ArgumentException>(() =>
            new SafetensorsFile([new("a", SafetensorsType.U8, [1], new byte[1]), new("a", SafetensorsType.U8, [1], new byte[1])]));
    }

    [TestMethod]
    public void Bridge_keeps_values_shapes_and_types()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] tensors =
        [
            torch.tensor(new float[] { 1, -2.5f, float.NaN, 4, 5, 6 }).reshape(2, 3).t(),
            torch.tensor(new long[] { long.MinValue, 7 }),
            torch.tensor(new byte[] { 0, 255 }),
            torch.tensor(3.5f),
            torch.zeros(0, 3),
        ];

        foreach (torch.Tensor tensor in tensors)
        {
            SafetensorsTensor stored = tensor.ToSafetensors("t");
            torch.Tensor back = stored.ToTensor();
            torch.Tensor copied = torch.zeros_like(tensor);
            stored.CopyTo(copied);

            Assert.AreEqual(tensor.dtype, back.dtype);
            CollectionAssert.AreEqual(tensor.shape, back.shape);
            Assert.IsTrue(torch.allclose(tensor.to_type(torch.ScalarType.Float64), back.to_type(torch.ScalarType.Float64), 0, 0,
                equal_nan: true), "exactly equal");
            Assert.IsTrue(torch.allclose(tensor.to_type(torch.ScalarType.Float64), copied.to_type(torch.ScalarType.Float64), 0, 0,
                equal_nan: true), "exactly equal");
        }
    }

    [TestMethod]
    public void Bridge_other_shape_or_type_is_refused_with_both_named()
    {
        using var scope = torch.NewDisposeScope();
        SafetensorsTensor stored = torch.zeros(2, 3).ToSafetensors("encoder.weight");

        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => stored.CopyTo(torch.zeros(3, 2)));

        Assert.Contains("'encoder.weight' is F32 [2, 3] in the file; expected Float32 [3, 2]", exception.Message);
        Assert.ThrowsExactly<NotSupportedException>(() => torch.zeros(1, torch.ScalarType.Float64).ToSafetensors("x"));
    }

    private static SafetensorsFile Read(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return SafetensorsFile.Read(new MemoryStream([.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data]), "attack");
    }
}
