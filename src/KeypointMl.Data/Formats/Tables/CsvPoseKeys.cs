using KeypointMl.Data.Csv;

namespace KeypointMl.Data.Formats.Tables;

/// <summary>
/// The columns of a CSV file of poses that say which subject of which frame a row is: <c>source</c> or <c>file</c>, <c>frame</c> (a
/// number, or the image where there is no <c>source</c>), <c>item</c> or <c>track</c>.
/// </summary>
internal sealed class CsvPoseKeys(CsvTable table)
{
    private readonly int? source = table.FindColumn("source") ?? table.FindColumn("file");
    private readonly int? frame = table.FindColumn("frame");
    private readonly int? item = table.FindColumn("item") ?? table.FindColumn("track");

    internal bool HasFrames => frame is not null;

    /// <summary>Those of the current row.</summary>
    internal (string Source, long Frame, string Item) Read()
    {
        string name = item is int i ? table.Text(i) : "";
        if (source is null && frame is int image && !table.IsWholeNumber(image, out _))
            return (table.Text(image), 0, name);
        return (source is int s ? table.Text(s) : "", frame is int f ? table.WholeNumber(f) : 0, name);
    }
}
