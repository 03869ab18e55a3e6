using System.Globalization;
using KeypointMl.Data.Formats.Pickles;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// The names of a table's columns as pandas pickles them, and the values of columns that it pickles as a whole
/// because they are not all numbers.
/// </summary>
internal static class PickledColumns
{
    private const int MaxElements = 100_000_000;

    // Columns may share one tuple of names, which is one for each of them in memory.
    private const int MaxLevels = 16;

    /// <summary>A list of columns, each named by a tuple of texts or numbers.</summary>
    internal static IReadOnlyList<string[]> Read(byte[] pickle, string where) => Columns(Value(pickle, where), where);

    /// <summary>The columns of a table in their order, from <c>[(1, columns)]</c>.</summary>
    internal static IReadOnlyList<string[]> ReadAxes(byte[] pickle, string where) =>
        Value(pickle, where) is List<object?> and [object?[] and [long, var columns]]
            ? Columns(columns, where)
            : throw Error(where);

    /// <summary>A NumPy array of objects: its rows and columns, and its elements as texts or numbers row by row.</summary>
    internal static (int Rows, int Columns, object?[] Values) ReadArray(byte[] pickle, string where)
    {
        if (Value(pickle, where) is not NumPyCall { Name: NumPyPickles.Reconstruct } array
            || array.State is not object?[] state
            || state is not [_, object?[] sizes, _, _, List<object?> items])
        {
            throw new InvalidDataException($"{where}: no array of objects as NumPy pickles one.");
        }
        int[] dimensions = [.. sizes.Select(size => size is long length and >= 0 and <= MaxElements ? (int)length : throw Error(where))];
        (int rows, int columns) = dimensions switch
        {
            [int length] => (length, 1),
            [int first, int second] => (first, second),
            _ => throw Error(where),
        };
        if ((long)rows * columns != items.Count)
            throw new InvalidDataException($"{where}: a pickled array of {string.Join('×', dimensions)} has {items.Count} elements.");
        object?[] values = [.. items.Select(item => Plain(item, where))];
        // Row by row, whatever the pickle says of the order that the array had in memory.
        return (rows, columns, values);
    }

    /// <summary>A value as text, as pandas writes it.</summary>
    internal static string Text(object? value, string where) => value switch
    {
        string text => text,
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => number.ToString("F1", CultureInfo.InvariantCulture),
        double number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw Error(where),
    };

    private static object? Value(byte[] pickle, string where)
    {
        try
        {
            using var stream = new MemoryStream(pickle);
            return new PickleReader(stream, NumPyPickles.Instance).Read();
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{where}: a pickle, {exception.Message}.", exception);
        }
    }

    private static string[][] Columns(object? value, string where) => value is List<object?> columns
        ? [.. columns.Select(column => column is object?[] { Length: <= MaxLevels } names
            ? Array.ConvertAll(names, name => Text(Plain(name, where), where))
            : throw Error(where))]
        : throw Error(where);

    // A NumPy scalar is a type and its bytes: <f8, <i8 and the like.
    private static object? Plain(object? value, string where)
    {
        if (value is not NumPyCall call)
            return value is bool flag ? (flag ? 1L : 0L) : value is null or string or long or double ? value : throw Error(where);
        if (call is not { Name: NumPyPickles.Scalar, Arguments: [NumPyCall { Arguments: [string type, ..] }, var content] })
            throw Error(where);
        string text = content is NumPyCall { Arguments: [string encoded, ..] } ? encoded : content as string ?? throw Error(where);
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(text);
        return (type, bytes.Length) switch
        {
            ("f8", 8) => BitConverter.ToDouble(bytes),
            ("f4", 4) => (double)BitConverter.ToSingle(bytes),
            ("i8", 8) => BitConverter.ToInt64(bytes),
            ("i4", 4) => (long)BitConverter.ToInt32(bytes),
            _ => throw Error(where),
        };
    }

    private static InvalidDataException Error(string where) => new($"{where}: no names of columns, or values, as pandas pickles them.");
}
