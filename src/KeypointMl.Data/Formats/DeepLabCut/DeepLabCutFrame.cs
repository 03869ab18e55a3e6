using System.Globalization;
using KeypointMl.Data.Formats.Landmarks;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>A pandas data frame: columns in their order, put together of blocks of one type each.</summary>
internal sealed class DeepLabCutFrame
{
    private readonly List<(int Block, int Column)> places = [];
    private readonly IReadOnlyList<Func<int, double[]>> blocks;

    /// <param name="columns">The names of all columns in their order; null where the file does not say.</param>
    /// <param name="index">The name of each row.</param>
    /// <param name="blockColumns">The names of each block's columns.</param>
    /// <param name="blocks">The values of each block for a row.</param>
    /// <param name="where">What to call it in messages.</param>
    internal DeepLabCutFrame(
        IReadOnlyList<string[]>? columns, IReadOnlyList<string> index, IReadOnlyList<IReadOnlyList<string[]>> blockColumns,
            IReadOnlyList<Func<int, double[]>> blocks, string where)
    {
        this.blocks = blocks;
        Index = index;
        Columns = columns ?? [.. blockColumns.SelectMany(block => block)];
        var found = new Dictionary<string, (int Block, int Column)>(StringComparer.Ordinal);
        for (int b = 0; b < blockColumns.Count; b++)
        {
            for (int c = 0; c < blockColumns[b].Count; c++)
            {
                if (!found.TryAdd(Key(blockColumns[b][c]), (b, c)))
                    throw new InvalidDataException($"{where}: column {string.Join('/', blockColumns[b][c])} stands twice.");
            }
        }
        foreach (string[] column in Columns)
        {
            places.Add(found.TryGetValue(Key(column), out (int Block, int Column) place)
                ? place
                : throw new InvalidDataException($"{where}: column {string.Join('/', column)} has no values."));
        }
    }

    internal IReadOnlyList<string[]> Columns { get; }

    internal IReadOnlyList<string> Index { get; }

    /// <summary>The values of a row, in the order of the columns.</summary>
    internal double[] Values(int row)
    {
        double[][] parts = [.. blocks.Select(block => block(row))];
        return [.. places.Select(place => parts[place.Block][place.Column])];
    }

    /// <summary>A value that is not stored as a number: nothing, or a number as text.</summary>
    internal static double Number(object? value, string where) => value switch
    {
        null => double.NaN,
        double number => number,
        long whole => whole,
        string text when text.Length == 0 || text.Equals("nan", StringComparison.OrdinalIgnoreCase) => double.NaN,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => throw new InvalidDataException($"{where}: '{TextNumbers.Shorten(value.ToString()!)}' is no number."),
    };

    private static string Key(string[] column) => string.Join('\0', column);
}
