using PureHDF;
using PureHDF.VOL.Native;

namespace KeypointMl.Data;

/// <summary>
/// Reads a version 7.3 MATLAB file, which is HDF5: a variable is a data set or (a struct) a group, its class in the attribute <c>MATLAB_class</c>; cells and arrays of structs are
/// references into the group <c>#refs#</c>.
/// </summary>
internal sealed class Mat73Reader
{
    private const string References = "#refs#";

    private readonly Hdf5Source source;
    private readonly MatFileOptions options;
    private readonly NativeGroup? references;
    private int itemsLeft = 1_000_000;

    private Mat73Reader(Hdf5Source source, MatFileOptions options)
    {
        this.source = source;
        this.options = options;
        references = source.Find(References) as NativeGroup;
    }

    internal static MatFile Read(string path, MatFileOptions options, IReadOnlySet<string>? only)
    {
        using var source = Hdf5Source.Open(path, options.MaxVariableBytes);
        return source.Read("/", () => new MatFile(path, new Mat73Reader(source, options).ReadVariables(only)));
    }

    private Dictionary<string, MatValue> ReadVariables(IReadOnlySet<string>? only)
    {
        var variables = new Dictionary<string, MatValue>(StringComparer.Ordinal);
        foreach (IH5Object child in source.Root.Children())
        {
            if (!child.Name.StartsWith('#') && only?.Contains(child.Name) != false)
                variables[child.Name] = ReadValue(child, child.Name, 0);
        }
        return variables;
    }

    private MatValue ReadValue(IH5Object item, string where, int depth)
    {
        if (depth > options.MaxDepth || --itemsLeft < 0)
            throw source.Error(where, $"nested deeper than {options.MaxDepth} levels, or more items than are read");
        string matlabClass = Attribute(item, "MATLAB_class", where) ?? "";
        return item switch
        {
            IH5Group group => ReadStruct(group, where, depth),
            IH5Dataset dataset when Attribute(item, "MATLAB_empty", where) is "1" => Empty(dataset, matlabClass, where),
            IH5Dataset dataset when dataset.Type.Class == H5DataTypeClass.Reference => ReadCell(dataset, where, depth),
            IH5Dataset dataset when matlabClass == "char" => ReadText(dataset, where),
            IH5Dataset dataset when dataset.Type.Class == H5DataTypeClass.Compound => new MatUnsupported(Place(where), Sizes(dataset, where), "complex or object"),
            IH5Dataset dataset => Hdf5Numbers.Read(source, dataset, where),
            _ => new MatUnsupported(Place(where), [1, 1], "unresolved link"),
        };
    }

    private MatValue Empty(IH5Dataset dataset, string matlabClass, string where)
    {
        // An empty array stores its dimensions as its content.
        int[] dimensions = [.. source.Doubles(dataset, where).Select(size => (int)size)];
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

    private MatCell ReadCell(IH5Dataset dataset, string where, int depth) =>
        new(Place(where), Sizes(dataset, where), Dereference(dataset, i => $"{where}{{{i + 1}}}", where, depth));

    private MatStruct ReadStruct(IH5Group group, string where, int depth)
    {
        var fields = new Dictionary<string, MatValue[]>(StringComparer.Ordinal);
        int[]? dimensions = null;
        foreach (IH5Object child in source.Read(where, () => group.Children().ToArray()))
        {
            string place = $"{where}.{child.Name}";
            // In an array of structs each field is a data set of references without a class of its own; a cell has one.
            if (child is IH5Dataset dataset && dataset.Type.Class == H5DataTypeClass.Reference && Attribute(child, "MATLAB_class", place) is null)
            {
                dimensions = Sizes(dataset, place);
                fields[child.Name] = Dereference(dataset, i => $"{where}({i + 1}).{child.Name}", place, depth);
            }
            else
            {
                fields[child.Name] = [ReadValue(child, place, depth + 1)];
            }
        }
        dimensions ??= [1, 1];
        int count = dimensions.Aggregate(1, (product, size) => product * size);
        return fields.Values.All(values => values.Length == count)
            ? new MatStruct(Place(where), dimensions, fields)
            : throw source.Error(where, "the fields of a struct array have different numbers of elements");
    }

    private MatText ReadText(IH5Dataset dataset, string where)
    {
        double[] codes = source.Doubles(dataset, where);
        return new MatText(Place(where), Sizes(dataset, where), string.Concat(codes.Select(code => (char)code)));
    }

    private MatValue[] Dereference(IH5Dataset dataset, Func<int, string> name, string where, int depth)
    {
        int count = source.CheckedCount(dataset, where);
        if (count == 0)
            return [];
        NativeObjectReference1[] targets = source.Read(where, () => dataset.Read<NativeObjectReference1[]>(memoryDims: [(ulong)count]));
        NativeGroup parent = references ?? throw source.Error(where, $"refers to items, but the file has no group {References}");
        var items = new MatValue[count];
        for (int i = 0; i < count; i++)
            items[i] = ReadValue(source.Read(name(i), () => parent.Get(targets[i])), name(i), depth + 1);
        return items;
    }

    private string? Attribute(IH5Object item, string name, string where) => source.Read(where, () =>
    {
        if (!item.AttributeExists(name))
            return null;
        IH5Attribute attribute = item.Attribute(name);
        return attribute.Type.Class switch
        {
            H5DataTypeClass.String or H5DataTypeClass.VariableLength => attribute.Read<string>(),
            H5DataTypeClass.FixedPoint when attribute.Type.Size == 1 => $"{attribute.Read<byte>()}",
            H5DataTypeClass.FixedPoint when attribute.Type.Size == 4 => $"{attribute.Read<int>()}",
            H5DataTypeClass.FixedPoint when attribute.Type.Size == 8 => $"{attribute.Read<long>()}",
            _ => null,
        };
    });

    private int[] Sizes(IH5Dataset dataset, string where) => [.. source.Dimensions(dataset, where).Reverse()];

    private string Place(string where) => $"{source.Path}: {where}";
}
