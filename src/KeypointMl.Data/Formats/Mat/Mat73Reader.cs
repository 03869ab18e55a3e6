using System.Buffers.Binary;
using KeypointMl.Data.Formats.Hdf5;

namespace KeypointMl.Data.Formats.Mat;

/// <summary>
/// Reads a version 7.3 MATLAB file, which is HDF5: a variable is a data set or (a struct) a group, its class in the
/// attribute <c>MATLAB_class</c>; cells and arrays of structs are
/// references to items, which MATLAB keeps in the group <c>#refs#</c>.
/// </summary>
internal sealed class Mat73Reader
{
    // What an item takes in memory besides its data and the text of its place.
    private const int ItemBytes = 160;

    // An object of HDF5 has more bytes than this, so a file that leads to more items leads to the same ones again and again.
    private const int LeastItemBytes = 16;
    private const int ItemAllowance = 1000;

    private readonly Hdf5Source source;
    private readonly MatFileOptions options;
    private readonly HashSet<ulong> open = [];
    private long itemsLeft;

    private Mat73Reader(Hdf5Source source, MatFileOptions options)
    {
        this.source = source;
        this.options = options;
        itemsLeft = source.Length / LeastItemBytes + ItemAllowance;
    }

    internal static MatFile Read(string path, MatFileOptions options, IReadOnlySet<string>? only)
    {
        using var source = Hdf5Source.Open(path, options.MaxFileBytes);
        return new MatFile(path, new Mat73Reader(source, options).ReadVariables(only));
    }

    private Dictionary<string, MatValue> ReadVariables(IReadOnlySet<string>? only)
    {
        var variables = new Dictionary<string, MatValue>(StringComparer.Ordinal);
        long left = source.BytesLeft;
        foreach (Hdf5Link link in source.Root.Links)
        {
            if (link.Name.StartsWith('#') || only?.Contains(link.Name) == false)
                continue;
            long allowed = Math.Min(left, options.MaxVariableBytes);
            source.Allow(allowed);
            variables[link.Name] = ReadValue(source.Root.Follow(link), link.Name, 0);
            left -= allowed - source.BytesLeft;
        }
        return variables;
    }

    private MatValue ReadValue(Hdf5Object item, string where, int depth)
    {
        if (depth > options.MaxDepth)
            throw source.Error(where, $"nested deeper than {options.MaxDepth} levels");
        if (--itemsLeft < 0)
            throw source.Error(where, "the file leads to the same items again and again; it is damaged");
        source.Take(ItemBytes + sizeof(char) * (long)(source.Path.Length + where.Length), where);
        if (!open.Add(item.Address))
            throw source.Error(where, "contains itself; the file is damaged");
        MatValue value = ReadItem(item, where, depth);
        open.Remove(item.Address);
        return value;
    }

    private MatValue ReadItem(Hdf5Object item, string where, int depth)
    {
        string matlabClass = item.Attribute("MATLAB_class")?.Text() ?? "";
        return item switch
        {
            Hdf5Group group => ReadStruct(group, where, depth),
            Hdf5Dataset dataset when item.Attribute("MATLAB_empty")?.Text() is "1" => Empty(dataset, matlabClass, where),
            Hdf5Dataset { Type.IsObjectReference: true } dataset => ReadCell(dataset, where, depth),
            Hdf5Dataset dataset when matlabClass == "char" => ReadText(dataset, where),
            Hdf5Dataset { Type.Number.IsNumber: true } dataset => Hdf5Numbers.Read(source, dataset, where),
            Hdf5Dataset dataset =>
                new MatUnsupported(Place(where), Hdf5Numbers.Dimensions(dataset), $"array of {dataset.Type} (complex, or an object)"),
            _ => new MatUnsupported(Place(where), [1, 1], "type without data"),
        };
    }

    private MatValue Empty(Hdf5Dataset dataset, string matlabClass, string where)
    {
        // An empty array stores its dimensions as its content.
        int[] dimensions = [.. source.Doubles(dataset).Select(size => (int)size)];
        if (dimensions.All(size => size != 0))
            throw source.Error(where, $"an array that is called empty has the size {string.Join('×', dimensions)}");
        return matlabClass switch
        {
            "char" => new MatText(Place(where), dimensions, ""),
            "cell" => new MatCell(Place(where), dimensions, []),
            "struct" => new MatStruct(Place(where), dimensions, new Dictionary<string, MatValue[]>()),
            _ => new MatNumeric(Place(where), dimensions, MatNumberType.Double, default),
        };
    }

    private MatCell ReadCell(Hdf5Dataset dataset, string where, int depth) =>
        new(Place(where), Hdf5Numbers.Dimensions(dataset), Dereference(dataset, i => $"{where}{{{i + 1}}}", where, depth));

    private MatStruct ReadStruct(Hdf5Group group, string where, int depth)
    {
        var fields = new Dictionary<string, MatValue[]>(StringComparer.Ordinal);
        int[]? dimensions = null;
        foreach (Hdf5Link link in group.Links)
        {
            Hdf5Object child = group.Follow(link);
            string place = $"{where}.{link.Name}";
            // In an array of structs each field is a data set of references without a class of its own; a cell has one.
            if (child is Hdf5Dataset { Type.IsObjectReference: true } dataset && child.Attribute("MATLAB_class") is null)
            {
                dimensions = Hdf5Numbers.Dimensions(dataset);
                fields[link.Name] = Dereference(dataset, i => $"{where}({i + 1}).{link.Name}", place, depth);
            }
            else
            {
                fields[link.Name] = [ReadValue(child, place, depth + 1)];
            }
        }
        dimensions ??= [1, 1];
        int count = dimensions.Aggregate(1, (product, size) => product * size);
        return fields.Values.All(values => values.Length == count)
            ? new MatStruct(Place(where), dimensions, fields)
            : throw source.Error(where, "the fields of a struct array have different numbers of elements");
    }

    private MatText ReadText(Hdf5Dataset dataset, string where)
    {
        double[] codes = source.Doubles(dataset);
        return new MatText(Place(where), Hdf5Numbers.Dimensions(dataset), string.Concat(codes.Select(code => (char)code)));
    }

    private MatValue[] Dereference(Hdf5Dataset dataset, Func<int, string> name, string where, int depth)
    {
        source.Take(IntPtr.Size * (long)dataset.Count, where);
        byte[] references = dataset.Read();
        var items = new MatValue[references.Length / sizeof(ulong)];
        for (int i = 0; i < items.Length; i++)
        {
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(references.AsSpan(i * sizeof(ulong)));
            items[i] = ReadValue(source.Open(address, name(i)), name(i), depth + 1);
        }
        return items;
    }

    private string Place(string where) => $"{source.Path}: {where}";
}
