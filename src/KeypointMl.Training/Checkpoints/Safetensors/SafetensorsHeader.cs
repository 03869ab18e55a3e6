using System.Collections.Immutable;
using System.Text.Json;

namespace KeypointMl.Training.Checkpoints.Safetensors;

/// <summary>The JSON header of a safetensors file, parsed as the format asks and no more leniently.</summary>
/// <param name="Metadata">The strings of <c>__metadata__</c>.</param>
/// <param name="Entries">The tensors, in the order of their data, which they cover without a hole or an overlap.</param>
internal sealed record SafetensorsHeader(
    ImmutableSortedDictionary<string, string> Metadata, ImmutableArray<SafetensorsHeader.Entry> Entries)
{
    public const string MetadataName = "__metadata__";

    /// <summary>The reference implementation's limit; a header beyond it is an attack or not a header.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>A tensor's description; offsets are relative to the end of the header.</summary>
    public readonly record struct Entry(string Name, SafetensorsType Type, ImmutableArray<long> Shape, long Start, long End);

    /// <summary>Parses a header.</summary>
    /// <param name="json">The bytes between the length and the data.</param>
    /// <param name="dataLength">How many bytes of data the file has.</param>
    /// <exception cref="InvalidDataException">The header breaks the format; the message says how.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
            throw new InvalidDataException("its header does not begin with '{'");
        // The format allows padding with spaces, and nothing else, after the object.
        var reader = new Utf8JsonReader(json.TrimEnd((byte)' '), new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            return Parse(ref reader, dataLength);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"its header is not JSON ({exception.Message})", exception);
        }
        catch (InvalidOperationException exception)
        {
            // What Utf8JsonReader throws for text that is not UTF-8.
            throw new InvalidDataException($"its header has text that is not UTF-8 ({exception.Message})", exception);
        }
    }

    /// <summary>Bytes of a tensor, or null where a size is negative or the product too large.</summary>
    public static long? ByteCount(SafetensorsType type, ReadOnlySpan<long> shape)
    {
        long count = SizeOf(type);
        foreach (long size in shape)
        {
            if (size < 0 || (size > 0 && count > long.MaxValue / size))
                return null;
            count *= size;
        }
        return count;
    }

    public static int SizeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.BOOL or SafetensorsType.U8 or SafetensorsType.I8 => 1,
        SafetensorsType.I16 or SafetensorsType.U16 or SafetensorsType.F16 or SafetensorsType.BF16 => 2,
        SafetensorsType.I32 or SafetensorsType.U32 or SafetensorsType.F32 => 4,
        _ => 8,
    };

    private static SafetensorsHeader Parse(ref Utf8JsonReader reader, long dataLength)
    {
        ImmutableSortedDictionary<string, string>? metadata = null;
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
                throw new InvalidDataException($"its header names '{name}' twice");
            if (name == MetadataName)
                metadata = ReadMetadata(ref reader);
            else
                entries.Add(ReadEntry(ref reader, name));
        }
        if (reader.Read())
            throw new InvalidDataException("its header goes on after its end");
        entries.Sort((a, b) => (a.Start, a.End).CompareTo((b.Start, b.End)));
        CheckCover(entries, dataLength);
        return new SafetensorsHeader(metadata ?? ImmutableSortedDictionary<string, string>.Empty, [.. entries]);
    }

    private static void CheckCover(List<Entry> entries, long dataLength)
    {
        long covered = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Start != covered)
            {
                throw new InvalidDataException(
                    $"tensor '{entry.Name}' starts at byte {entry.Start} of the data, "
                    + $"{(entry.Start < covered ? "inside the tensor before it" : "after a hole")}, expected {covered}");
            }
            covered = entry.End;
        }
        if (covered != dataLength)
        {
            throw new InvalidDataException(
                $"its tensors take {covered} bytes, but {dataLength} bytes of data are there: "
                + $"it is {(covered > dataLength ? "cut short" : "followed by something else")}");
        }
    }

    private static ImmutableSortedDictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataName);
        ImmutableSortedDictionary<string, string>.Builder metadata =
            ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, $"{MetadataName}.{key}");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new InvalidDataException($"its metadata has '{key}' twice");
        }
        return metadata.ToImmutable();
    }

    private static Entry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (name.Length == 0)
            throw new InvalidDataException("its header has a tensor without a name");
        Expect(ref reader, JsonTokenType.StartObject, name);
        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, $"{name}.dtype");
                    type = ParseType(reader.GetString()!, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, $"{name}.shape");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, $"{name}.data_offsets");
                    break;
                default:
                    throw new InvalidDataException($"tensor '{name}' has '{key}', which is unknown or there twice");
            }
        }
        if (type is not { } found || shape is null || offsets is not [long start, long end])
            throw new InvalidDataException($"tensor '{name}' needs dtype, shape and two data_offsets");
        if (start > end || ByteCount(found, shape) != end - start)
        {
            throw new InvalidDataException(
                $"tensor '{name}' of type {found} and shape [{string.Join(", ", shape)}] has data_offsets [{start}, {end}], "
                + "which is another number of bytes");
        }
        return new Entry(name, found, [.. shape], start, end);
    }

    private static SafetensorsType ParseType(string text, string name)
    {
        foreach (SafetensorsType type in Enum.GetValues<SafetensorsType>())
        {
            if (type.ToString() == text)
                return type;
        }
        throw new InvalidDataException(
            $"tensor '{name}' has dtype '{text}'; known are {string.Join(", ", Enum.GetNames<SafetensorsType>())}");
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string what)
    {
        Expect(ref reader, JsonTokenType.StartArray, what);
        var numbers = new List<long>();
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw new InvalidDataException($"{what} has something that is not a whole number from 0 to 2⁶³−1");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string what)
    {
        if (Next(ref reader) != token)
            throw new InvalidDataException($"{what} is a {reader.TokenType} in its header; expected a {token}");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new InvalidDataException("its header ends too early");
}
