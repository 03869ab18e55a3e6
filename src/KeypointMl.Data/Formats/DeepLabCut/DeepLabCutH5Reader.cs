using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Tables;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// Reads DeepLabCut's HDF5 files, which are pandas tables, in pandas' formats 'fixed' and 'table': labels
/// (<c>CollectedData_*.h5</c>) and predictions, of videos, images and time lapses. What
/// pandas pickles there, names of columns and columns that are not all numbers, is read as data (<see
/// cref="NumPyPickles"/>); no pickle is executed.
/// </summary>
internal static class DeepLabCutH5Reader
{
    private const long MaxBytes = 2L << 30;
    private const int RowBytes = 200;
    private const string UsualName = "df_with_missing";

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, no such table, or would take its data from another file or more than 2 GiB of memory; the
    /// message names file and element.
    /// </exception>
    public static PoseTable Read(string path)
    {
        using var source = Hdf5Source.Open(path, MaxBytes);
        return Read(source);
    }

    internal static PoseTable Read(Hdf5Source source)
    {
        Hdf5Group[] groups = [.. source.Root.Links.Select(source.Root.Follow).OfType<Hdf5Group>()];
        Hdf5Group group = groups.FirstOrDefault(group => group.Name == UsualName) ?? (groups is [Hdf5Group only] ? only
            : throw source.Error("/", $"{groups.Length} tables "
                + $"({string.Join(", ", groups.Take(5).Select(group => group.Name))}); expected one, such as {UsualName}"));
        DeepLabCutFrame frame = group.Find("table") is Hdf5Dataset
            ? DeepLabCutTableFormat.Read(source, group)
            : DeepLabCutFixedFormat.Read(source, group);
        string where = $"{source.Path}: {group.Name}";
        var layout = new DeepLabCutLayout([.. frame.Columns.Select(column => Column(column, where))], source.Path, where);
        var rows = new List<PoseRow>();
        for (int i = 0; i < frame.Index.Count; i++)
        {
            source.Take(RowBytes + 2L * sizeof(double) * frame.Columns.Count, group.Name);
            (string image, long number) = DeepLabCutLayout.Frame(frame.Index[i]);
            layout.AddRows(rows, image, number, frame.Values(i), $"{where}[{i}]");
        }
        return new PoseTable(source.Path, layout.Skeleton, rows);
    }

    private static (string Individual, string Part, string Coordinate) Column(string[] names, string where) => names switch
    {
        [_, string part, string coordinate] => ("", part, coordinate),
        [_, string individual, string part, string coordinate] => (individual, part, coordinate),
        _ => throw new InvalidDataException(
            $"{where}: a column has {names.Length} names; expected scorer, (individual,) body part, coordinate."),
    };
}
