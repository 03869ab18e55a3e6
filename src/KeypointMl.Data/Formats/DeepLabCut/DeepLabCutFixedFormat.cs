using System.Globalization;
using KeypointMl.Data.Formats.Hdf5;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>pandas' format 'fixed': an array for each axis and each block of columns.</summary>
internal static class DeepLabCutFixedFormat
{
    internal static DeepLabCutFrame Read(Hdf5Source source, Hdf5Group group)
    {
        string where = $"{source.Path}: {group.Name}";
        var blockColumns = new List<IReadOnlyList<string[]>>();
        var blocks = new List<Func<int, double[]>>();
        string[][] index = Labels(source, group, "axis1");
        for (int b = 0; group.Find($"block{b}_values") is Hdf5Dataset values; b++)
        {
            string[][] columns = Labels(source, group, $"block{b}_items");
            (int rows, int width, Func<int, double[]> read) = Block(source, values);
            if (rows != index.Length || (width != columns.Length && rows > 0))
                throw values.Error($"has {rows}×{width} values; expected {index.Length}×{columns.Length}");
            blockColumns.Add(columns);
            blocks.Add(read);
        }
        if (blocks.Count == 0)
        {
            throw group.Error($"is no pandas table; expected 'table' or 'block0_values', found "
                + $"{string.Join(", ", group.Links.Take(20).Select(link => link.Name))}");
        }
        return new DeepLabCutFrame(Labels(source, group, "axis0"), [.. index.Select(names => string.Join('/', names))],
            blockColumns, blocks, where);
    }

    private static (int Rows, int Columns, Func<int, double[]> Read) Block(Hdf5Source source, Hdf5Dataset values)
    {
        if (IsEmpty(values))
            return (0, 0, _ => []);
        if (values.Type.Class == Hdf5Class.Variable && !values.Type.IsText)
        {
            (int rows, int columns, object?[] items) = Pickled(source, values);
            double[] numbers = [.. items.Select((item, i) => DeepLabCutFrame.Number(item, $"{source.Path}: {values.Name}[{i}]"))];
            return (rows, columns, row => numbers[(row * columns)..((row + 1) * columns)]);
        }
        if (values.Space.Dimensions is not [long height, long width])
            throw values.Error($"has {values.Space.Dimensions.Count} dimensions; expected rows and columns");
        double[] all = source.Doubles(values);
        return ((int)height, (int)width, row => all[(int)(row * width)..(int)((row + 1) * width)]);
    }

    // An index of several levels: the names of each level, and for each entry a number per level; or one level as it is.
    private static string[][] Labels(Hdf5Source source, Hdf5Group group, string name)
    {
        if (group.Find($"{name}_level0") is null)
            return [.. Values(source, Required(source, group, name)).Select(value => new[] { value })];
        var levels = new List<string[]>();
        for (int level = 0; group.Find($"{name}_level{level}") is Hdf5Dataset dataset; level++)
        {
            string[] names = Values(source, dataset);
            Hdf5Dataset numbers = Required(source, group, $"{name}_label{level}");
            double[] labels = IsEmpty(numbers) ? [] : source.Doubles(numbers);
            int wrong = Array.FindIndex(labels, label => !(label >= 0 && label < names.Length));
            if (wrong >= 0)
                throw source.Error($"{numbers.Name}[{wrong}]", $"is {labels[wrong]}; the level has {names.Length} names");
            // A name that many entries share is one in memory until they are put together.
            source.Take(labels.Sum(label => sizeof(char) * (long)names[(int)label].Length), numbers.Name);
            levels.Add([.. labels.Select(label => names[(int)label])]);
        }
        if (levels.Count == 0)
            throw source.Error($"{group.Name}/{name}_level0", "is no data set");
        if (levels.Any(level => level.Length != levels[0].Length))
            throw source.Error($"{group.Name}/{name}", "the levels of the index have different lengths");
        return [.. Enumerable.Range(0, levels[0].Length).Select(i => levels.Select(level => level[i]).ToArray())];
    }

    private static string[] Values(Hdf5Source source, Hdf5Dataset dataset)
    {
        if (IsEmpty(dataset))
            return [];
        if (dataset.Type.IsText)
            return source.Texts(dataset);
        if (dataset.Type.Class != Hdf5Class.Variable)
            return [.. source.Doubles(dataset).Select(value => value.ToString(CultureInfo.InvariantCulture))];
        string where = $"{source.Path}: {dataset.Name}";
        return [.. Pickled(source, dataset).Values.Select(value => PickledColumns.Text(value, where))];
    }

    private static (int Rows, int Columns, object?[] Values) Pickled(Hdf5Source source, Hdf5Dataset dataset)
    {
        if (dataset.Count != 1)
            throw dataset.Error($"has {dataset.Count} pickles; expected one");
        byte[] pickle = dataset.Values.VariableBytes(dataset.Read());
        // An object takes more in memory than the byte or two that it has in a pickle.
        source.Take(32L * pickle.Length, dataset.Name);
        return PickledColumns.ReadArray(pickle, $"{source.Path}: {dataset.Name}");
    }

    // pandas stores an array without elements as one with some, and says so.
    private static bool IsEmpty(Hdf5Dataset dataset) => dataset.Attribute("shape") is not null
        && dataset.Attribute("value_type") is not null;

    private static Hdf5Dataset Required(Hdf5Source source, Hdf5Group group, string name) => group.Find(name) as Hdf5Dataset
        ?? throw source.Error($"{group.Name}/{name}", "there is no such data set");
}
