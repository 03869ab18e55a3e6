using System.Buffers.Binary;
using System.IO.Compression;
using KeypointMl.Data.Formats.Json;

namespace KeypointMl.Data.Formats.Mat;

/// <summary>Reads the variables of a version 5 MATLAB file one after the other.</summary>
internal static class Mat5Reader
{
    private const int HeaderBytes = 128;
    private const int TagBytes = 8;

    internal static MatFile Read(FileStream stream, string path, MatFileOptions options, IReadOnlySet<string>? only)
    {
        CheckHeader(stream, path);
        var variables = new Dictionary<string, MatValue>(StringComparer.Ordinal);
        Span<byte> tag = stackalloc byte[TagBytes];
        long left = options.MaxFileBytes;
        while (stream.Position < stream.Length)
        {
            long start = stream.Position;
            if (stream.ReadAtLeast(tag, TagBytes, throwOnEndOfStream: false) < TagBytes)
                throw Error(path, start, "the file ends within an element's tag; it is truncated");
            (uint type, uint size) = (BinaryPrimitives.ReadUInt32LittleEndian(tag), BinaryPrimitives.ReadUInt32LittleEndian(tag[4..]));
            if (size > stream.Length - stream.Position)
            {
                throw Error(path, start,
                    $"an element of {size:N0} bytes begins, but {stream.Length - stream.Position:N0} bytes follow; "
                    + "the file is truncated or damaged");
            }
            long next = stream.Position + size;
            byte[] content = (Mat5Type)type switch
            {
                Mat5Type.Compressed => Inflate(stream, path, start, size, options),
                Mat5Type.Matrix => ReadPlain(stream, path, start, size, options),
                _ => throw Error(path, start, $"an element of type {type} stands where a variable is expected (type 14 or 15)"),
            };
            // A variable that is left out was decompressed all the same.
            left -= content.Length;
            if (left < 0)
            {
                throw Error(path, start, $"the variables have more than {options.MaxFileBytes:N0} bytes "
                    + $"({nameof(MatFileOptions)}.{nameof(MatFileOptions.MaxFileBytes)})");
            }
            var parser = new Mat5Parser(content, path, start, options, left);
            if (parser.ReadVariable(only) is { } variable && !variables.TryAdd(variable.Name, variable.Value))
                throw Error(path, start, $"variable '{variable.Name}' stands twice");
            left = parser.BytesLeft;
            stream.Position = next;
        }
        return new MatFile(path, variables);
    }

    private static void CheckHeader(FileStream stream, string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
            throw Error(path, 0, $"the file has {stream.Length} bytes; a MATLAB file begins with a header of {HeaderBytes}");
        if (header[126] == 'M' && header[127] == 'I')
            throw Error(path, 126, "the file was written by a big-endian machine, which is not read; load it in MATLAB and save it again");
        if (header[126] != 'I' || header[127] != 'M' || header[125] != 1)
        {
            throw Error(path, 124,
                "this is no MATLAB file of version 5 or 7.3 (version 4 is not read; load such a file in MATLAB and save it again)");
        }
    }

    private static byte[] ReadPlain(FileStream stream, string path, long start, uint size, MatFileOptions options)
    {
        CheckSize(path, start, size, options);
        byte[] content = new byte[size];
        stream.ReadExactly(content);
        return content;
    }

    private static byte[] Inflate(FileStream stream, string path, long start, uint size, MatFileOptions options)
    {
        using var limited = new BoundedStream(stream, size);
        try
        {
            using var zlib = new ZLibStream(limited, CompressionMode.Decompress);
            Span<byte> tag = stackalloc byte[TagBytes];
            if (zlib.ReadAtLeast(tag, TagBytes, throwOnEndOfStream: false) < TagBytes
                || BinaryPrimitives.ReadUInt32LittleEndian(tag) != (uint)Mat5Type.Matrix)
                throw Error(path, start, "a compressed element holds no variable");
            uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(tag[4..]);
            CheckSize(path, start, claimed, options);
            return GrowingRead.AtMost(zlib, claimed) is byte[] content && content.Length == claimed
                ? content
                : throw Error(path, start, $"a compressed variable has another size than the {claimed:N0} bytes that it "
                    + $"claims; the file is damaged");
        }
        catch (Exception error) when (error is InvalidDataException or IOException && !limited.Failed
            && !error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw Error(path, start, $"a compressed variable cannot be decompressed ({error.Message.TrimEnd('.')}); the file is damaged");
        }
    }

    private static void CheckSize(string path, long start, uint size, MatFileOptions options)
    {
        long limit = Math.Min(options.MaxVariableBytes, Array.MaxLength);
        if (size > limit)
        {
            throw Error(path, start,
                $"a variable has {size:N0} bytes; "
                + $"the limit is {limit:N0} ({nameof(MatFileOptions)}.{nameof(MatFileOptions.MaxVariableBytes)})");
        }
    }

    private static InvalidDataException Error(string path, long position, string message) => new($"{path}: byte {position}: {message}.");
}

/// <summary>Types of elements in a version 5 MATLAB file (the format's table 1-1).</summary>
internal enum Mat5Type
{
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
    Matrix = 14,
    Compressed = 15,
    Utf8 = 16,
    Utf16 = 17,
    Utf32 = 18,
}
