using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace KeypointMl.Training.Checkpoints.Safetensors;

/// <summary>
/// Named tensors and a map of strings in the safetensors format (huggingface/safetensors): 8 bytes of header length, a
/// JSON header, the data. The format runs no code when read, and this reader accepts nothing that the format does not
/// allow.
/// </summary>
public sealed class SafetensorsFile
{
    private readonly Dictionary<string, SafetensorsTensor> byName;

    /// <summary>Gathers tensors for writing.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public SafetensorsFile(IEnumerable<SafetensorsTensor> tensors, ImmutableSortedDictionary<string, string>? metadata = null)
    {
        // The reference implementation's order, which aligns every tensor: wide types first, then by name.
        Tensors = [.. tensors.OrderByDescending(tensor => SafetensorsHeader.SizeOf(tensor.Type))
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        Metadata = metadata ?? ImmutableSortedDictionary<string, string>.Empty;
        byName = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        foreach (SafetensorsTensor tensor in Tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"Two tensors are named '{tensor.Name}'.", nameof(tensors));
        }
    }

    /// <summary>The tensors, in the order of the file.</summary>
    public ImmutableArray<SafetensorsTensor> Tensors { get; }

    /// <summary>The strings of <c>__metadata__</c>.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SafetensorsTensor this[string name] => byName.TryGetValue(name, out SafetensorsTensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"The file has no tensor '{name}'.");

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or damaged; the message says how.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        return Read(stream, path);
    }

    /// <summary>Reads from a stream that can tell its length.</summary>
    /// <param name="stream">Read from its position to its end.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is not a safetensors file, or damaged; the message says how.</exception>
    public static SafetensorsFile Read(Stream stream, string name)
    {
        try
        {
            return Read(stream);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"'{name}' is not a safetensors file, or damaged: {exception.Message}.", exception);
        }
    }

    /// <summary>Writes the file; the caller makes it atomic.</summary>
    public void Write(Stream stream)
    {
        byte[] header = MakeHeader();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (SafetensorsTensor tensor in Tensors)
            stream.Write(tensor.Data.Span);
    }

    private static SafetensorsFile Read(Stream stream)
    {
        long remaining = stream.Length - stream.Position - sizeof(ulong);
        if (remaining < 0)
            throw new InvalidDataException($"it has {remaining + sizeof(ulong)} bytes, less than the 8 of the header's length");
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        // Checked before anything of that size is allocated.
        if (length > SafetensorsHeader.MaxLength)
            throw new InvalidDataException($"it claims a header of {length} bytes; at most {SafetensorsHeader.MaxLength} are allowed");
        if ((long)length > remaining)
            throw new InvalidDataException($"it claims a header of {length} bytes, but only {remaining} follow");
        byte[] json = new byte[length];
        stream.ReadExactly(json);
        SafetensorsHeader header = SafetensorsHeader.Parse(json, remaining - (long)length);
        return new SafetensorsFile(header.Entries.Select(entry => ReadTensor(stream, entry)), header.Metadata);
    }

    private static SafetensorsTensor ReadTensor(Stream stream, SafetensorsHeader.Entry entry)
    {
        if (entry.End - entry.Start > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"tensor '{entry.Name}' has {entry.End - entry.Start} bytes; at most {Array.MaxLength} can be read");
        }
        byte[] data = new byte[entry.End - entry.Start];
        stream.ReadExactly(data);
        return new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, data);
    }

    private byte[] MakeHeader()
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (!Metadata.IsEmpty)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataName);
                foreach ((string key, string value) in Metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (SafetensorsTensor tensor in Tensors)
            {
                WriteEntry(json, tensor, offset);
                offset += tensor.Data.Length;
            }
            json.WriteEndObject();
        }
        // Spaces up to a multiple of 8, so that the data is aligned in a mapped file.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.Data.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
