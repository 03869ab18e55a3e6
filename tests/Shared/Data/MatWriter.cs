using System.IO.Compression;
using System.Text;

namespace KeypointMl.Testing;

/// <summary>
/// Writes version 5 MATLAB files as MATLAB does, for tests: numbers as [rows,columns] arrays, text, cells (object[])
/// and structs (dictionaries).
/// </summary>
internal static class MatWriter
{
    internal static byte[] File(bool compressed, params (string Name, object Value)[] variables)
    {
        using var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, made by a test".PadRight(116)));
        file.Write(new byte[8]);
        file.Write([0, 1, (byte)'I', (byte)'M']);
        foreach ((string name, object value) in variables)
        {
            byte[] matrix = Element(14, Matrix(name, value));
            file.Write(compressed ? Element(15, Deflate(matrix), pad: false) : matrix);
        }
        return file.ToArray();
    }

    internal static void Write(string path, params (string Name, object Value)[] variables)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, File(compressed: true, variables));
    }

    internal static byte[] Element(uint type, byte[] data, bool pad = true)
    {
        // Short data in the small form, as MATLAB stores it.
        if (type != 14 && type != 15 && data.Length is > 0 and <= 4)
            return [.. BitConverter.GetBytes(type | ((uint)data.Length << 16)), .. data, .. new byte[4 - data.Length]];
        int padding = pad ? (8 - data.Length % 8) % 8 : 0;
        return [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[padding]];
    }

    private static byte[] Matrix(string name, object value) => value switch
    {
        double[,] numbers => Numeric(name, 6, 9, Size(numbers), ColumnMajor(numbers).SelectMany(value => BitConverter.GetBytes(value))),
        float[,] numbers => Numeric(name, 7, 7, Size(numbers), ColumnMajor(numbers).SelectMany(value => BitConverter.GetBytes(value))),
        // doubles that happen to be whole
        short[,] numbers => Numeric(name, 6, 3, Size(numbers), ColumnMajor(numbers).SelectMany(value => BitConverter.GetBytes(value))),
        byte[,] numbers => Numeric(name, 9, 2, Size(numbers), ColumnMajor(numbers)),
        // any number of dimensions, column by column
        (int[] size, float[] numbers) => Numeric(name, 7, 7, size, numbers.SelectMany(BitConverter.GetBytes)),
        double number => Numeric(name, 6, 9, [1, 1], BitConverter.GetBytes(number)),
        string text => [.. Header(name, 4, [1, text.Length]), .. Element(4, Encoding.Unicode.GetBytes(text))],
        object[] items => [.. Header(name, 1, [items.Length, 1]), .. items.SelectMany(item => Element(14, Matrix("", item)))],
        Dictionary<string, object> fields => Struct(name, fields),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    private static byte[] Struct(string name, Dictionary<string, object> fields)
    {
        byte[] names = [.. fields.Keys.SelectMany(key => Encoding.ASCII.GetBytes(key.PadRight(32, '\0')))];
        return [.. Header(name, 2, [1, 1]), .. Element(5, BitConverter.GetBytes(32)), .. Element(1, names),
            .. fields.Values.SelectMany(value => Element(14, Matrix("", value)))];
    }

    private static byte[] Numeric(string name, byte matlabClass, uint type, int[] size, IEnumerable<byte> data) =>
        [.. Header(name, matlabClass, size), .. Element(type, [.. data])];

    private static byte[] Header(string name, byte matlabClass, int[] size) =>
    [
        .. Element(6, [matlabClass, 0, 0, 0, 0, 0, 0, 0]),
        .. Element(5, [.. size.SelectMany(value => BitConverter.GetBytes(value))]),
        .. Element(1, Encoding.ASCII.GetBytes(name)),
    ];

    private static int[] Size(Array array) => [array.GetLength(0), array.GetLength(1)];

    private static IEnumerable<T> ColumnMajor<T>(T[,] array)
    {
        for (int column = 0; column < array.GetLength(1); column++)
        {
            for (int row = 0; row < array.GetLength(0); row++)
                yield return array[row, column];
        }
    }

    internal static byte[] Deflate(byte[] data)
    {
        using var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(data);
        return result.ToArray();
    }
}
