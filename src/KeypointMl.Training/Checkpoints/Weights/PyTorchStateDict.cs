using System.IO.Compression;
using System.Numerics;
using System.Text;
using KeypointMl.Data.Formats.Pickles;

namespace KeypointMl.Training.Checkpoints.Weights;

/// <summary>
/// A file that <c>torch.save(model.state_dict(), path)</c> wrote: a zip archive of <c>data.pkl</c> and
/// <c>data/&lt;key&gt;</c> (PyTorch 1.6 and later), or the earlier form, pickles one after the other and then the
/// storages, which torchvision's own VGG files still have.
/// </summary>
internal static class PyTorchStateDict
{
    private const long LongestPickle = 64 << 20;
    private const long GrowthAlways = 64 << 20;
    private const long MostGrowth = 100;
    private const long LegacyProtocol = 1001;
    private static readonly BigInteger LegacyMagic = BigInteger.Parse("119547037146038801333356");

    /// <summary>The tensors by name.</summary>
    /// <exception cref="InvalidDataException">
    /// It is no such file, damaged, or has something else in it; the message says what and where.
    /// </exception>
    public static IReadOnlyDictionary<string, WeightArray> Open(string path)
    {
        try
        {
            return IsZip(path) ? OpenZip(path) : OpenLegacy(path);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"'{path}' is no PyTorch state dict that is read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private static bool IsZip(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PK\x03\x04"u8);
    }

    private static Dictionary<string, WeightArray> OpenZip(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry[] pickles = [.. archive.Entries.Where(entry => entry.Name == "data.pkl").Take(2)];
        ZipArchiveEntry pickle = pickles is [var only] ? only : throw new InvalidDataException("the archive has no data.pkl, or several");
        string folder = pickle.FullName[..^pickle.Name.Length];
        if (archive.GetEntry(folder + "byteorder") is { } order && Encoding.ASCII.GetString(ReadEntry(order, 16)) != "little")
            throw new InvalidDataException("the file was written by a big-endian machine");
        using var stream = new MemoryStream(ReadEntry(pickle, LongestPickle));
        return Tensors(Read(stream), storage => ReadZipStorage(path, $"{folder}data/{storage.Key}", storage));
    }

    private static object? Read(Stream pickle) => new PickleReader(pickle, PyTorchPickles.Instance).Read();

    private static byte[] ReadZipStorage(string path, string name, PyTorchStorage storage)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new InvalidDataException("it is not there; the file is incomplete");
            return entry.Length == storage.Bytes
                ? ReadEntry(entry, storage.Bytes)
                : throw new InvalidDataException(
                    $"it has {entry.Length} bytes; a storage of {storage.Count} elements of type {storage.Type} has {storage.Bytes}");
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"'{path}': '{name}' cannot be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    // The length is a claim of the archive: no more is read, and less is an error. torch.save does not compress.
    private static byte[] ReadEntry(ZipArchiveEntry entry, long limit)
    {
        if (entry.Length > Math.Min(limit, Array.MaxLength))
        {
            throw new InvalidDataException(
                $"'{entry.FullName}' has {entry.Length} bytes; at most {Math.Min(limit, Array.MaxLength)} are read");
        }
        if (entry.Length > GrowthAlways + MostGrowth * entry.CompressedLength)
        {
            throw new InvalidDataException(
                $"'{entry.FullName}' grows from {entry.CompressedLength} to {entry.Length} bytes, which no weights do");
        }
        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length
            ? bytes
            : throw new InvalidDataException($"'{entry.FullName}' ends after {read} of {bytes.Length} bytes");
    }

    private static Dictionary<string, WeightArray> OpenLegacy(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (Read(stream) is not BigInteger magic || magic != LegacyMagic)
            throw new InvalidDataException("it begins with neither a zip archive nor PyTorch's magic number");
        if (Read(stream) is not LegacyProtocol)
            throw new InvalidDataException($"its protocol is not {LegacyProtocol}");
        if (Read(stream) is not Dictionary<object, object?> system
            || system.GetValueOrDefault("little_endian") is not true)
            throw new InvalidDataException("the file was not written by a little-endian machine");
        object? root = Read(stream);
        if (Read(stream) is not List<object?> keys)
            throw new InvalidDataException("the list of storages is missing");
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        Dictionary<string, WeightArray> tensors = Tensors(root, storage => ReadLegacyStorage(path, offsets, storage));
        LocateStorages(stream, keys, StoragesOf(root), offsets);
        return tensors;
    }

    /// <summary>Each storage is its number of elements, 8 bytes, and then the elements.</summary>
    private static void LocateStorages(
        FileStream stream, List<object?> keys, Dictionary<string, PyTorchStorage> storages, Dictionary<string, long> offsets)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (object? item in keys)
        {
            if (item is not string key || !storages.TryGetValue(key, out PyTorchStorage? storage))
                throw new InvalidDataException($"storage '{item}' belongs to no tensor");
            if (stream.Length - stream.Position < sizeof(long) + storage.Bytes)
                throw new InvalidDataException($"the file ends within storage '{key}'; it is truncated");
            stream.ReadExactly(length);
            long count = BitConverter.ToInt64(length);
            if (count != storage.Count)
                throw new InvalidDataException($"storage '{key}' has {count} elements; its tensors say {storage.Count}");
            offsets[key] = stream.Position;
            stream.Position += storage.Bytes;
        }
    }

    private static byte[] ReadLegacyStorage(string path, Dictionary<string, long> offsets, PyTorchStorage storage)
    {
        if (!offsets.TryGetValue(storage.Key, out long offset) || storage.Bytes > Array.MaxLength)
            throw new InvalidDataException($"'{path}': storage '{storage.Key}' of {storage.Bytes} bytes is not in the file, or too large.");
        using FileStream stream = File.OpenRead(path);
        stream.Position = offset;
        byte[] bytes = new byte[storage.Bytes];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static Dictionary<string, PyTorchStorage> StoragesOf(object? root)
    {
        var storages = new Dictionary<string, PyTorchStorage>(StringComparer.Ordinal);
        foreach (PyTorchTensor tensor in ((Dictionary<object, object?>)root!).Values.OfType<PyTorchTensor>())
            storages[tensor.Storage.Key] = tensor.Storage;
        return storages;
    }

    private static Dictionary<string, WeightArray> Tensors(object? root, Func<PyTorchStorage, byte[]> read)
    {
        if (root is not Dictionary<object, object?> dictionary)
            throw new InvalidDataException("it holds no dictionary; expected a state dict: torch.save(model.state_dict(), path)");
        var tensors = new Dictionary<string, WeightArray>(StringComparer.Ordinal);
        foreach ((object key, object? value) in dictionary)
        {
            if (key is not string name || value is not PyTorchTensor tensor)
            {
                throw new InvalidDataException(
                    $"its entry '{key}' is no tensor; expected a state dict: torch.save(model.state_dict(), path)");
            }
            tensors.Add(name, new WeightArray([.. tensor.Shape], () => PyTorchElements.Read(tensor, read(tensor.Storage))));
        }
        return tensors;
    }
}
