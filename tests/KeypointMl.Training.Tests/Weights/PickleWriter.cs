using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace KeypointMl.Training.Tests;

/// <summary>Writes the pickles and files of torch.save byte by byte, as pickletools shows them for real files.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream bytes = new();

    public PickleWriter Raw(params ReadOnlySpan<byte> data)
    {
        bytes.Write(data);
        return this;
    }

    public PickleWriter Start() => Raw(0x80, 2);

    public byte[] Stop() => Raw((byte)'.').bytes.ToArray();

    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Raw((byte)'X').Raw(length).Raw(utf8);
    }

    public PickleWriter Int(int value)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, value);
        return Raw((byte)'J').Raw(number);
    }

    public PickleWriter Global(string module, string name) => Raw((byte)'c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Mark() => Raw((byte)'(');

    public PickleWriter Tuple() => Raw((byte)'t');

    /// <summary>collections.OrderedDict(), put into memo 0 as torch.save does.</summary>
    public PickleWriter OrderedDictionary() => Global("collections", "OrderedDict").Raw((byte)')', (byte)'R', (byte)'q', 0);

    /// <summary>torch._utils._rebuild_tensor_v2(storage, offset, size, stride, False, OrderedDict()).</summary>
    public PickleWriter Tensor(string storageType, string key, int count, int offset, int[] shape, int[] strides, bool legacy = false)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Mark();
        Mark().Text("storage").Global("torch", storageType).Text(key).Text("cpu").Int(count);
        if (legacy)
            Raw((byte)'N');
        Tuple().Raw((byte)'Q').Int(offset);
        Numbers(shape);
        Numbers(strides);
        return Raw(0x89).Global("collections", "OrderedDict").Raw((byte)')', (byte)'R').Tuple().Raw((byte)'R');
    }

    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Data)[] storages) =>
        Zip(pickle, CompressionLevel.NoCompression, storages);

    public static byte[] Zip(byte[] pickle, CompressionLevel compression, params (string Key, byte[] Data)[] storages)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "archive/data.pkl", pickle);
            Add(archive, "archive/byteorder", "little"u8.ToArray());
            foreach ((string key, byte[] data) in storages)
                Add(archive, $"archive/data/{key}", data, compression);
            Add(archive, "archive/version", "3\n"u8.ToArray());
        }
        return file.ToArray();
    }

    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Data)[] storages)
    {
        byte[] magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        byte[] protocol = [0x80, 2, (byte)'M', 0xe9, 0x03, (byte)'.'];
        byte[] system = new PickleWriter().Start().Raw((byte)'}').Mark().Text("protocol_version").Raw((byte)'M', 0xe9, 0x03)
            .Text("little_endian").Raw(0x88).Raw((byte)'u').Stop();
        PickleWriter keys = new PickleWriter().Start().Raw((byte)']').Mark();
        foreach ((string key, _, _) in storages)
            keys.Text(key);
        return
        [
            .. magic, .. protocol, .. system, .. pickle, .. keys.Raw((byte)'e').Stop(),
            .. storages.SelectMany(storage => BitConverter.GetBytes(storage.Count).Concat(storage.Data)),
        ];
    }

    public static byte[] Bytes(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private void Numbers(int[] values)
    {
        Mark();
        foreach (int value in values)
            Int(value);
        Tuple();
    }

    private static void Add(ZipArchive archive, string name, byte[] data, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using Stream stream = archive.CreateEntry(name, compression).Open();
        stream.Write(data);
    }
}
