using System.Text.Unicode;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// Walks through the bytes of a model before protobuf reads them, and refuses what protobuf would take: a file that
/// ends too early, fields written in another way than ONNX says (which protobuf would quietly put aside), single fields
/// given twice (which it would merge), text that is not UTF-8, nesting that is too deep, too many nodes or tensors, and
/// messages that would take much more memory than their bytes. Takes no memory itself but for its path. The encoding:
/// https://protobuf.dev/programming-guides/encoding.
/// </summary>
internal ref struct WireScanner(ReadOnlySpan<byte> content, string where, OnnxLoadOptions options)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Length = 2;
    public const int Fixed32 = 5;

    // An object with its lists, and a place in a list or a dictionary, as protobuf keeps fields that it does not know.
    private const int UnknownFieldBytes = 256;
    private const int ListBytes = 96;

    private readonly ReadOnlySpan<byte> content = content;
    private readonly List<(string Name, int Index)> path = [];
    private int position;
    private long memory;
    private int nodes;
    private int tensors;

    /// <summary>Walks through a whole model.</summary>
    /// <exception cref="OnnxException">Something is wrong; the message says where.</exception>
    public static void Scan(ReadOnlySpan<byte> content, string where, OnnxLoadOptions options)
    {
        var scanner = new WireScanner(content, where, options);
        scanner.ScanMessage(WireFields.Model, content.Length);
    }

    private void ScanMessage(WireFields fields, int end)
    {
        Enter(fields);
        Span<int> seen = stackalloc int[WireFields.Count];
        seen.Clear();
        while (position < end)
        {
            int start = position;
            ulong tag = ReadVarint(end, "a tag");
            (uint number, int wireType) = ((uint)(tag >> 3), (int)(tag & 7));
            if (tag > uint.MaxValue || number == 0 || wireType is not (Varint or Fixed64 or Length or Fixed32))
                throw Corrupt(start, "expected the tag of a field", $"found {tag}");
            if (fields[number] is not { } field)
            {
                Take(UnknownFieldBytes);
                Skip(wireType, end, "the value of an unknown field");
                continue;
            }
            if (seen[field.Number]++ > 0 && !field.IsRepeated)
                throw Corrupt(start, $"expected '{field.Name}' once", "found it twice");
            if (seen[field.Number] == 1 && field.IsRepeated)
                Take(ListBytes);
            path.Add((field.Name, field.IsRepeated ? seen[field.Number] - 1 : -1));
            ScanField(field, wireType, start, end);
            path.RemoveAt(path.Count - 1);
        }
    }

    private void Enter(WireFields fields)
    {
        if (path.Count + 1 > options.MaxDepth)
            throw Limit($"messages nest more than {options.MaxDepth} deep", nameof(OnnxLoadOptions.MaxDepth));
        // A place in the list that holds it, which grows by doubling.
        Take(fields.ObjectBytes + 16);
        if (fields.Name == "NodeProto" && ++nodes > options.MaxNodes)
            throw Limit($"there are more than {options.MaxNodes} nodes", nameof(OnnxLoadOptions.MaxNodes));
        if (fields.Name == "TensorProto" && ++tensors > options.MaxTensors)
            throw Limit($"there are more than {options.MaxTensors} stored tensors", nameof(OnnxLoadOptions.MaxTensors));
    }

    private void ScanField(WireField field, int wireType, int start, int end)
    {
        if (wireType == Length && (field.WireType == Length || field.MayBePacked))
            ScanBlock(field, ReadLength(end, start), start);
        else if (wireType == field.WireType)
            SkipNumber(field, wireType, end);
        else
            throw Corrupt(start, $"expected wire type {field.WireType}", $"found {wireType}");
    }

    private void ScanBlock(WireField field, int length, int start)
    {
        int stop = position + length;
        if (field.Message is { } message)
        {
            ScanMessage(message, stop);
            return;
        }
        ReadOnlySpan<byte> block = this.content.Slice(position, length);
        if (field.IsText)
            CheckText(field, block, start);
        if (field.WireType == Length)
        {
            // .NET keeps text in 16-bit units.
            Take(64 + (field.IsString ? 2L * length : length));
            position = stop;
            return;
        }
        if (field.WireType != Varint && length % (field.WireType == Fixed32 ? 4 : 8) != 0)
            throw Corrupt(start, $"expected a block of numbers of {(field.WireType == Fixed32 ? 4 : 8)} bytes", $"found {length} bytes");
        while (position < stop)
            SkipNumber(field, field.WireType, stop);
    }

    private readonly void CheckText(WireField field, ReadOnlySpan<byte> text, int start)
    {
        int limit = field.IsName ? options.MaxNameBytes : options.MaxTextBytes;
        if (text.Length > limit)
        {
            throw Limit($"a text of {text.Length} bytes; at most {limit} are accepted here", field.IsName
                ? nameof(OnnxLoadOptions.MaxNameBytes)
                : nameof(OnnxLoadOptions.MaxTextBytes));
        }
        if (field.IsString && !Utf8.IsValid(text))
            throw Corrupt(start, "expected text in UTF-8", "found other bytes");
    }

    private void SkipNumber(WireField field, int wireType, int end)
    {
        // A list grows by doubling.
        Take(2 * field.ElementBytes);
        Skip(wireType, end, "a number");
    }

    private void Skip(int wireType, int end, string what)
    {
        int start = position;
        int length = 0;
        switch (wireType)
        {
            case Varint:
                ReadVarint(end, what);
                break;
            case Length:
                length = ReadLength(end, start);
                Take(length);
                break;
            default:
                length = wireType == Fixed32 ? 4 : 8;
                break;
        }
        if (length > end - position)
            throw Truncated(start, (ulong)length, end);
        position += length;
    }

    private int ReadLength(int end, int start)
    {
        ulong length = ReadVarint(end, "a length");
        if (length > (ulong)(end - position))
            throw Truncated(start, length, end);
        return (int)length;
    }

    private ulong ReadVarint(int end, string what)
    {
        int start = position;
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (position >= end)
                throw Truncated(start, (ulong)(position - start + 1), end);
            byte part = this.content[position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw Corrupt(start, $"expected {what} of at most 10 bytes", "found a longer one");
    }

    private void Take(long bytes)
    {
        memory += bytes;
        if (memory > (8L * this.content.Length) + options.MaxOverheadBytes)
        {
            throw Limit(
                $"the {this.content.Length} bytes would take more than {memory} in memory, which real models do not",
                nameof(OnnxLoadOptions.MaxOverheadBytes));
        }
    }

    private readonly OnnxException Truncated(int start, ulong length, int end) => new(end == this.content.Length
        ? $"{where} ends too early{At(start)}: {length} bytes are announced and {end - position} are left. "
        + "The file is truncated; obtain or export it again."
        : $"{where} is corrupt{At(start)}: expected at most {end - position} bytes, which its surroundings have left, found "
        + $"{length} announced. Obtain or export it again.");

    private readonly OnnxException Corrupt(int start, string expected, string found) => new(
        $"{where} is not a whole ONNX model{At(start)}: {expected}, {found}. The file may be corrupt or of another kind; "
        + "obtain or export it again.");

    private readonly OnnxException Limit(string what, string option) => new(
        $"{where} is not accepted{At(position)}: {what}. Raise {nameof(OnnxLoadOptions)}.{option} if you trust the file.");

    private readonly string At(int position) =>
        path.Count == 0
        ? $", at byte {position}"
        : $", in {string.Join('.', path.Select(step => step.Index < 0 ? step.Name : $"{step.Name}[{step.Index}]"))} at byte {position}";
}
