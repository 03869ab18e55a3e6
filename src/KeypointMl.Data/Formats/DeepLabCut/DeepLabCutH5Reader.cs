using PureHDF;

namespace KeypointMl.Data;

/// <summary>
/// Reads DeepLabCut's HDF5 files, which are pandas tables: labels (<c>CollectedData_*.h5</c>, pandas' format 'fixed') and predictions ('table'). The names of a table's columns are pickled
/// there; they are read as data (<see cref="PickledColumns"/>), no pickle is executed.
/// </summary>
public static class DeepLabCutH5Reader
{
    private const long MaxBytes = 1L << 30;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or no such table; the message names file and element.</exception>
    public static PoseTable Read(string path)
    {
        using var source = Hdf5Source.Open(path, MaxBytes);
        return source.Read("/", () => Read(source));
    }

    private static PoseTable Read(Hdf5Source source)
    {
        IH5Group[] groups = [.. source.Root.Children().OfType<IH5Group>()];
        if (groups is not [IH5Group group])
            throw source.Error("/", $"{groups.Length} tables; expected one, such as df_with_missing");
        return source.Find($"{group.Name}/table") is IH5Dataset table ? ReadTable(source, table, $"{group.Name}/table") : ReadFixed(source, group.Name);
    }

    private static PoseTable ReadTable(Hdf5Source source, IH5Dataset dataset, string name)
    {
        if (!source.Read(name, () => dataset.AttributeExists("values_block_0_kind")))
            throw source.Error(name, "does not say which columns it has (values_block_0_kind)");
        string pickle = source.Read(name, () => dataset.Attribute("values_block_0_kind").Read<string>());
        var layout = new DeepLabCutLayout([.. PickledColumns.Read(pickle, $"{source.Path}: {name}.values_block_0_kind").Select(column => Column(column, source, name))], source.Path, $"{source.Path}: {name}");
        var records = new Hdf5Table(source, name);
        double[][] values = records.Lists("values_block_0");
        int[] frames = records.Indices("index", 0, int.MaxValue);
        return Rows(source, layout, values, i => ("", frames[i]), name);
    }

    private static PoseTable ReadFixed(Hdf5Source source, string name)
    {
        string[][] columns = Labels(source, $"{name}/block0_items");
        var layout = new DeepLabCutLayout([.. columns.Select(column => Column(column, source, name))], source.Path, $"{source.Path}: {name}");
        IH5Dataset block = source.Dataset($"{name}/block0_values");
        string where = $"{name}/block0_values";
        int[] size = source.Dimensions(block, where);
        if (size.Length != 2 || size[1] != columns.Length)
            throw source.Error(where, $"has {string.Join('×', size)} values; expected {columns.Length} in a row");
        double[] all = source.Doubles(block, where);
        string[][] index = Labels(source, $"{name}/axis1");
        if (index.Length != size[0])
            throw source.Error(where, $"has {size[0]} rows; the index has {index.Length}");
        return Rows(source, layout, [.. Enumerable.Range(0, size[0]).Select(i => all[(i * size[1])..((i + 1) * size[1])])], i => DeepLabCutLayout.Frame(string.Join('/', index[i])), where);
    }

    private static PoseTable Rows(Hdf5Source source, DeepLabCutLayout layout, double[][] values, Func<int, (string Source, long Frame)> frame, string where)
    {
        var rows = new List<PoseRow>();
        for (int i = 0; i < values.Length; i++)
        {
            (string image, long number) = frame(i);
            layout.AddRows(rows, image, number, values[i], $"{source.Path}: {where}[{i}]");
        }
        return new PoseTable(source.Path, layout.Skeleton, rows);
    }

    // An index of several levels: the names of each level, and for each entry a number per level; or one level as it is.
    private static string[][] Labels(Hdf5Source source, string name)
    {
        if (source.Find($"{name}_level0") is null)
            return [.. Values(source, name).Select(value => new[] { value })];
        var levels = new List<string[]>();
        for (int level = 0; source.Find($"{name}_level{level}") is not null; level++)
        {
            string[] names = Values(source, $"{name}_level{level}");
            string place = $"{name}_label{level}";
            double[] labels = source.Doubles(source.Dataset(place), place);
            int wrong = Array.FindIndex(labels, label => !(label >= 0 && label < names.Length));
            if (wrong >= 0)
                throw source.Error($"{place}[{wrong}]", $"is {labels[wrong]}; the level has {names.Length} names");
            levels.Add([.. labels.Select(label => names[(int)label])]);
        }
        if (levels.Any(level => level.Length != levels[0].Length))
            throw source.Error(name, "the levels of the index have different lengths");
        return [.. Enumerable.Range(0, levels[0].Length).Select(i => levels.Select(level => level[i]).ToArray())];
    }

    private static string[] Values(Hdf5Source source, string name)
    {
        IH5Dataset dataset = source.Dataset(name);
        return source.Read(name, () => dataset.Type.Class) is H5DataTypeClass.String or H5DataTypeClass.VariableLength
            ? [.. source.Texts(dataset, name).Select(text => text.TrimEnd('\0'))]
            : [.. source.Doubles(dataset, name).Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static (string Individual, string Part, string Coordinate) Column(string[] names, Hdf5Source source, string where) => names switch
    {
        [_, string part, string coordinate] => ("", part, coordinate),
        [_, string individual, string part, string coordinate] => (individual, part, coordinate),
        _ => throw source.Error(where, $"a column has {names.Length} names; expected scorer, (individual,) body part, coordinate"),
    };
}
