using System.Text;
using KeypointMl.Data.Formats.Hdf5;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// A pandas data frame of numbers in pandas' format 'fixed', as PyTables stores it: without any pickle, for all texts
/// have a fixed length and an index without a name has no attribute <c>name</c>.
/// </summary>
internal static class PandasFrame
{
    /// <summary>A file's root with one frame.</summary>
    /// <param name="key">The frame's name.</param>
    /// <param name="levels">The names of the columns' levels.</param>
    /// <param name="columns">The columns, each named by a text per level.</param>
    /// <param name="index">The rows' names.</param>
    /// <param name="write">Writes the values as float64, row by row.</param>
    internal static Hdf5NewGroup File(
        string key, IReadOnlyList<string> levels, IReadOnlyList<string[]> columns, PandasIndex index, Action<Stream> write)
    {
        Hdf5NewGroup root = Group();
        root.Attributes.Add(Hdf5NewAttribute.Of("PYTABLES_FORMAT_VERSION", "2.1"));
        Hdf5NewGroup frame = Group();
        root.Members[key] = frame;
        foreach ((string name, string value) in ((string, string)[])[("pandas_type", "frame"), ("pandas_version", "0.15.2"),
            ("encoding", "UTF-8"), ("errors", "strict")])
        {
            frame.Attributes.Add(Hdf5NewAttribute.Of(name, value));
        }
        frame.Attributes.Add(Hdf5NewAttribute.Of("ndim", 2));
        frame.Attributes.Add(Hdf5NewAttribute.Of("nblocks", 1));
        AddLevels(frame, "axis0", levels, columns);
        AddLevels(frame, "block0_items", levels, columns);
        if (index.Levels > 1)
            AddLevels(frame, "axis1", new string?[index.Levels], [.. index.Texts!.Select(text => text.Split('/'))]);
        else
            AddIndex(frame, index);
        Add(frame, "block0_values", new Hdf5NewDataset(Hdf5NewType.Float64, [index.Count, columns.Count], write));
        return root;
    }

    private static void AddIndex(Hdf5NewGroup frame, PandasIndex index)
    {
        frame.Attributes.Add(Hdf5NewAttribute.Of("axis1_variety", "regular"));
        Hdf5NewDataset values = index.Texts is null
            ? Hdf5NewDataset.Integers(Range(index.Count), index.Count)
            : Hdf5NewDataset.Texts(index.Texts, index.Count, index.TextBytes);
        values.Attributes.Add(Hdf5NewAttribute.Of("kind", index.Texts is null ? "integer" : "string"));
        Add(frame, "axis1", values);
    }

    private static void AddLevels(Hdf5NewGroup frame, string key, IReadOnlyList<string?> levels, IReadOnlyList<string[]> entries)
    {
        frame.Attributes.Add(Hdf5NewAttribute.Of($"{key}_variety", "multi"));
        frame.Attributes.Add(Hdf5NewAttribute.Of($"{key}_nlevels", levels.Count));
        for (int level = 0; level < levels.Count; level++)
        {
            // pandas keeps the names of a level sorted, in Python's order: that of UTF-8.
            string[] names = [.. entries.Select(entry => entry[level]).Distinct().OrderBy(Encoding.UTF8.GetBytes, ByteOrder)];
            Dictionary<string, long> codes = names.Index().ToDictionary(name => name.Item, name => (long)name.Index);
            Hdf5NewDataset texts = Hdf5NewDataset.Texts(
                names, names.Length, names.Select(Encoding.UTF8.GetByteCount).DefaultIfEmpty().Max());
            texts.Attributes.Add(Hdf5NewAttribute.Of("kind", "string"));
            if (levels[level] is string name)
                texts.Attributes.Add(Hdf5NewAttribute.Of("name", name));
            Add(frame, $"{key}_level{level}", texts);
            long[] labels = [.. entries.Select(entry => codes[entry[level]])];
            Add(frame, $"{key}_label{level}", Hdf5NewDataset.Integers(labels, labels.Length));
        }
    }

    private static void Add(Hdf5NewGroup frame, string name, Hdf5NewDataset dataset)
    {
        dataset.Attributes.AddRange(
        [
            Hdf5NewAttribute.Of("CLASS", "ARRAY"), Hdf5NewAttribute.Of("VERSION", "2.4"), Hdf5NewAttribute.Of("FLAVOR", "numpy"),
            Hdf5NewAttribute.True("transposed"),
        ]);
        frame.Members[name] = dataset;
    }

    private static Hdf5NewGroup Group()
    {
        var group = new Hdf5NewGroup();
        group.Attributes.Add(Hdf5NewAttribute.Of("CLASS", "GROUP"));
        group.Attributes.Add(Hdf5NewAttribute.Of("VERSION", "1.0"));
        return group;
    }

    private static IEnumerable<long> Range(long count)
    {
        for (long i = 0; i < count; i++)
            yield return i;
    }

    private static readonly Comparer<byte[]> ByteOrder =
        Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));
}

/// <summary>The names of a frame's rows.</summary>
/// <param name="Count">How many rows there are.</param>
/// <param name="Texts">Their names; null: they are numbered from 0.</param>
/// <param name="TextBytes">Bytes of the longest name.</param>
/// <param name="Levels">How many levels the names have, divided by <c>/</c>; with 1 they are not divided.</param>
internal readonly record struct PandasIndex(long Count, IEnumerable<string>? Texts, int TextBytes, int Levels);
