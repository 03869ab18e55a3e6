using System.Buffers.Binary;
using System.Text;

namespace KeypointMl.Data.Formats.Mat;

/// <summary>
/// Parses the content of one variable of a version 5 MATLAB file. Every size is checked against the bytes that are
/// there before memory is taken for it.
/// </summary>
internal sealed class Mat5Parser(byte[] content, string path, long start, MatFileOptions options, long bytesLeft)
{
    // What an item takes in memory besides its data and the text of its place.
    private const int ItemBytes = 160;

    private const int MaxFields = 10_000;
    private const int MaxNameBytes = 4096;
    private const int MaxTextBytes = 1 << 28;

    private const int ClassMask = 0xFF;
    private const int ArrayFlagsBytes = 8;
    private const int MaxDimensions = 16;

    private static readonly string[] Classes =
    [
        "?", "cell", "struct", "object", "char", "sparse", "double", "single", "int8", "uint8", "int16", "uint16", "int32",
        "uint32", "int64", "uint64", "function handle", "opaque object",
    ];

    private int position;

    private readonly record struct Element(Mat5Type Type, int Offset, int Size);

    /// <summary>How many bytes the items of the variables that follow may take.</summary>
    internal long BytesLeft { get; private set; } = bytesLeft;

    /// <summary>The variable, or null where it is not one of those asked for.</summary>
    internal (string Name, MatValue Value)? ReadVariable(IReadOnlySet<string>? only)
    {
        (int matlabClass, int[] dimensions, string name) = ReadArrayHeader(content.Length);
        if (name.Length == 0 || only?.Contains(name) == false)
            return null; // MATLAB keeps the workspaces of function handles in a variable without a name.
        return (name, ReadBody(matlabClass, dimensions, $"{path}: {name}", content.Length, 0));
    }

    private MatValue ReadMatrix(Element element, string where, int depth)
    {
        if (element.Type != Mat5Type.Matrix)
            throw Error(element.Offset, $"{where}: an element of type {(int)element.Type} stands where an array is expected");
        int end = element.Offset + element.Size;
        BytesLeft -= ItemBytes + sizeof(char) * (long)where.Length;
        if (BytesLeft < 0)
        {
            throw Error(element.Offset, $"{where}: the items take more than {options.MaxFileBytes:N0} bytes "
                + $"({nameof(MatFileOptions)}.{nameof(MatFileOptions.MaxFileBytes)})");
        }
        if (element.Size == 0)
            return new MatNumeric(where, [0, 0], MatNumberType.Double, default);
        if (depth > options.MaxDepth)
            throw Error(element.Offset, $"{where}: nested deeper than {options.MaxDepth} levels");
        int after = position;
        position = element.Offset;
        (int matlabClass, int[] dimensions, _) = ReadArrayHeader(end);
        MatValue value = ReadBody(matlabClass, dimensions, where, end, depth);
        position = after;
        return value;
    }

    private (int Class, int[] Dimensions, string Name) ReadArrayHeader(int end)
    {
        Element flags = Next(end);
        if (flags.Type != Mat5Type.UInt32 || flags.Size != ArrayFlagsBytes)
            throw Error(flags.Offset, "an array does not begin with its flags");
        int matlabClass = (int)(BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(flags.Offset)) & ClassMask);
        if (matlabClass == 17)
            return (matlabClass, [1, 1], ReadName(Next(end))); // An opaque object has no dimensions.
        Element sizes = Next(end);
        int count = sizes.Size / sizeof(int);
        if (sizes.Type != Mat5Type.Int32 || sizes.Size % sizeof(int) != 0 || count is < 2 or > MaxDimensions)
            throw Error(sizes.Offset, $"an array's dimensions are no list of 2 to {MaxDimensions} whole numbers");
        int[] dimensions = new int[count];
        long product = 1;
        for (int i = 0; i < count; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(sizes.Offset + i * sizeof(int)));
            product *= dimensions[i];
            if (dimensions[i] < 0 || product > int.MaxValue)
                throw Error(sizes.Offset, $"an array's dimensions are {string.Join('×', dimensions.Take(i + 1))}");
        }
        return (matlabClass, dimensions, ReadName(Next(end)));
    }

    private string ReadName(Element element) => element.Type is Mat5Type.Int8 or Mat5Type.UInt8 or Mat5Type.Utf8
        && element.Size <= MaxNameBytes
        ? Encoding.UTF8.GetString(content, element.Offset, element.Size)
        : throw Error(element.Offset, $"an array has no name, or one of more than {MaxNameBytes} bytes");

    private MatValue ReadBody(int matlabClass, int[] dimensions, string where, int end, int depth) => matlabClass switch
    {
        1 => ReadCell(dimensions, where, end, depth),
        2 => ReadStruct(dimensions, where, end, depth),
        4 => ReadText(dimensions, where, end),
        >= 6 and <= 15 => ReadNumbers(dimensions, where, end),
        >= 1 and <= 17 => new MatUnsupported(where, dimensions, Classes[matlabClass]),
        _ => throw Error(position, $"{where}: an array of the unknown class {matlabClass}"),
    };

    private MatCell ReadCell(int[] dimensions, string where, int end, int depth)
    {
        int count = CheckedCount(dimensions, where, end);
        var items = new MatValue[count];
        for (int i = 0; i < count; i++)
            items[i] = ReadMatrix(Next(end), $"{where}{{{i + 1}}}", depth + 1);
        return new MatCell(where, dimensions, items);
    }

    private MatStruct ReadStruct(int[] dimensions, string where, int end, int depth)
    {
        Element length = Next(end);
        if (length.Type != Mat5Type.Int32 || length.Size != sizeof(int))
            throw Error(length.Offset, $"{where}: a struct does not say how long the names of its fields are");
        int nameBytes = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(length.Offset));
        Element names = Next(end);
        if (nameBytes < 1 || names.Size % nameBytes != 0)
            throw Error(names.Offset, $"{where}: a struct's field names have {names.Size} bytes, {nameBytes} each");
        if (names.Size / nameBytes > MaxFields)
            throw Error(names.Offset, $"{where}: a struct has {names.Size / nameBytes:N0} fields; {MaxFields:N0} are read at most");
        int count = CheckedCount(dimensions, where, end, names.Size / nameBytes);
        string[] fields = [.. Enumerable.Range(0, names.Size / nameBytes)
            .Select(i => Encoding.UTF8.GetString(content, names.Offset + i * nameBytes, nameBytes).Split('\0')[0])];
        var values = new Dictionary<string, MatValue[]>(StringComparer.Ordinal);
        foreach (string field in fields)
        {
            if (!values.TryAdd(field, new MatValue[count]))
                throw Error(names.Offset, $"{where}: a struct has field '{field}' twice");
        }
        for (int i = 0; i < count; i++)
        {
            foreach (string field in fields)
                values[field][i] = ReadMatrix(Next(end), count == 1 ? $"{where}.{field}" : $"{where}({i + 1}).{field}", depth + 1);
        }
        return new MatStruct(where, dimensions, values);
    }

    private MatText ReadText(int[] dimensions, string where, int end)
    {
        if (dimensions.Contains(0))
            return new MatText(where, dimensions, "");
        Element element = Next(end);
        BytesLeft -= sizeof(char) * (long)element.Size;
        if (element.Size > MaxTextBytes || BytesLeft < 0)
            throw Error(element.Offset, $"{where}: {element.Size:N0} bytes of text are more than is read");
        ReadOnlySpan<byte> bytes = content.AsSpan(element.Offset, element.Size);
        string text = element.Type switch
        {
            Mat5Type.Utf8 or Mat5Type.Int8 or Mat5Type.UInt8 => Encoding.UTF8.GetString(bytes),
            Mat5Type.Utf16 or Mat5Type.UInt16 => Encoding.Unicode.GetString(bytes),
            Mat5Type.Utf32 => Encoding.UTF32.GetString(bytes),
            _ => throw Error(element.Offset, $"{where}: text of element type {(int)element.Type}"),
        };
        return new MatText(where, dimensions, text);
    }

    private MatNumeric ReadNumbers(int[] dimensions, string where, int end)
    {
        Element element = Next(end);
        (MatNumberType type, int bytes) = element.Type switch
        {
            Mat5Type.Int8 => (MatNumberType.Int8, 1),
            Mat5Type.UInt8 => (MatNumberType.UInt8, 1),
            Mat5Type.Int16 => (MatNumberType.Int16, 2),
            Mat5Type.UInt16 => (MatNumberType.UInt16, 2),
            Mat5Type.Int32 => (MatNumberType.Int32, 4),
            Mat5Type.UInt32 => (MatNumberType.UInt32, 4),
            Mat5Type.Int64 => (MatNumberType.Int64, 8),
            Mat5Type.UInt64 => (MatNumberType.UInt64, 8),
            Mat5Type.Single => (MatNumberType.Single, 4),
            Mat5Type.Double => (MatNumberType.Double, 8),
            _ => throw Error(element.Offset, $"{where}: numbers of element type {(int)element.Type}"),
        };
        long expected = dimensions.Aggregate(1L, (product, size) => product * size) * bytes;
        return element.Size == expected
            ? new MatNumeric(where, dimensions, type, content.AsMemory(element.Offset, element.Size))
            : throw Error(element.Offset,
                $"{where}: {string.Join('×', dimensions)} numbers of {bytes} bytes have {element.Size:N0} bytes; expected {expected:N0}");
    }

    // Every item of a cell or struct takes a tag of 8 bytes at least.
    private int CheckedCount(int[] dimensions, string where, int end, int itemsEach = 1)
    {
        int count = dimensions.Aggregate(1, (product, size) => product * size);
        long items = (long)count * itemsEach;
        return items <= (end - position) / 8
            ? count
            : throw Error(position, $"{where}: {items:N0} items are claimed, but {end - position:N0} bytes follow");
    }

    private Element Next(int end)
    {
        int tag = position;
        if (end - tag < 8)
            throw Error(tag, "the content ends where an element is expected; it is truncated or damaged");
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(tag));
        int smallSize = (int)(first >> 16);
        if (smallSize > 0)
        {
            // The small form: size and type share a word, and up to 4 bytes of data follow at once.
            position = tag + 8;
            return smallSize <= 4
                ? new Element((Mat5Type)(first & 0xFFFF), tag + 4, smallSize)
                : throw Error(tag, $"a small element claims {smallSize} bytes; it has 4 at most");
        }
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(tag + 4));
        if (size > end - tag - 8)
            throw Error(tag, $"an element claims {size:N0} bytes, but {end - tag - 8:N0} follow");
        // Padded to a multiple of 8, but for the last element of some writers.
        position = (int)Math.Min(end, (tag + 8L + size + 7) / 8 * 8);
        return new Element((Mat5Type)first, tag + 8, (int)size);
    }

    private InvalidDataException Error(int offset, string message) =>
        new(message.StartsWith(path, StringComparison.Ordinal)
            ? $"{message} (variable at byte {start} of the file, byte {offset} of its content)."
            : $"{path}: variable at byte {start}, byte {offset} of its content: {message}.");
}
