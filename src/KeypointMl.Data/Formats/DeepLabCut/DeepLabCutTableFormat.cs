using KeypointMl.Data.Formats.Hdf5;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// pandas' format 'table': a data set of records with the index and a list of values for each block of columns;
/// attributes say which columns those are.
/// </summary>
internal static class DeepLabCutTableFormat
{
    internal static DeepLabCutFrame Read(Hdf5Source source, Hdf5Group group)
    {
        string name = $"{group.Name}/table", where = $"{source.Path}: {group.Name}";
        Hdf5Dataset dataset = source.Dataset(name);
        var table = new Hdf5Table(source, name);
        var blockColumns = new List<IReadOnlyList<string[]>>();
        var blocks = new List<Func<int, double[]>>();
        foreach (string column in table.Columns.Where(column => dataset.Attribute($"{column}_kind") is not null && column != "index"))
        {
            string place = $"{where}/table.{column}_kind";
            IReadOnlyList<string[]> columns = PickledColumns.Read(dataset.Attribute($"{column}_kind")!.Bytes(), place);
            Func<int, double[]> read = table.Lists(column);
            blockColumns.Add(columns);
            blocks.Add(row => read(row) is double[] values && values.Length == columns.Count ? values
                : throw source.Error($"{name}[{row}].{column}", $"has another number of values than the {columns.Count} columns"));
        }
        if (blocks.Count == 0)
            throw source.Error(name, "does not say which columns it has (values_block_0_kind)");
        IReadOnlyList<string[]>? order = group.Attribute("non_index_axes") is Hdf5Attribute axes
            ? PickledColumns.ReadAxes(axes.Bytes(), $"{where}.non_index_axes")
            : null;
        Func<int, string> index = table.Names("index");
        source.Take(IntPtr.Size * (long)table.Count, name);
        return new DeepLabCutFrame(order, [.. Enumerable.Range(0, table.Count).Select(index)], blockColumns, blocks, where);
    }
}
