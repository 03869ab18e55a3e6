using System.Globalization;
using System.Text;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// Writes poses as a CSV that DeepLabCut reads. With scores, predictions of a video: <c>x,y,likelihood</c>, a line for each
/// frame from 0 on, for DeepLabCut takes a line's place for the frame's number. Without, labels
/// (<c>CollectedData_*.csv</c>): a line for each image, whose path <c>labeled-data/video/image.png</c> takes three columns.
/// Several animals get the header line <c>individuals</c>.
/// </summary>
internal static class DeepLabCutCsvWriter
{
    private const string LabelsPrefix = "CollectedData_";
    private const string DefaultScorer = "KeypointMl";
    private const int PathColumns = 3;

    /// <summary>Writes a file. The file appears under its name only when it is complete.</summary>
    /// <param name="table">The poses; of one video, or of images.</param>
    /// <param name="path">The file. DeepLabCut wants labels to be called <c>CollectedData_SCORER.csv</c>; the scorer
    /// is taken from that name.</param>
    /// <exception cref="InvalidDataException">
    /// The poses are of several videos, for each of which DeepLabCut has a file, frames lie too far apart, or an animal
    /// is twice in a frame; the message names the row.
    /// </exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(PoseTable table, string path)
    {
        table = table.WithNamedItems(posesOnly: true);
        bool scored = table.Rows.Any(row => row.Scores is not null);
        string[] sources = [.. table.Rows.Select(row => row.Source).Distinct()];
        bool images = sources.All(ImageFolder.IsImage) && sources.Length > 0;
        if (!images && sources.Length > 1)
        {
            throw new InvalidDataException($"{table.Path}: the poses are of {sources.Length} videos "
                + $"({string.Join(", ", sources.Take(3))}); DeepLabCut has a file for each. Divide the poses first.");
        }
        string[] individuals = [.. table.Rows.Where(row => row.HasPoint).Select(row => row.Item).Distinct().DefaultIfEmpty("")];
        bool several = individuals.Length > 1;
        // Predictions have one column for the image, labels of a project one for each folder of its path.
        int indexColumns = images && !scored && sources.All(source => source.Split('/').Length == PathColumns) ? PathColumns : 1;
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            WriteHeader(writer, table, Scorer(path), individuals, several, scored, indexColumns);
            long next = 0;
            foreach (IGrouping<(string Source, long Frame), PoseRow> frame in table.Rows.GroupBy(row => (row.Source, row.Frame))
                .OrderBy(group => images ? 0 : group.Key.Frame))
            {
                if (!images && frame.Key.Frame - next > DeepLabCutH5Writer.MaxGap)
                {
                    throw new InvalidDataException($"{frame.First().Where}: frame {frame.Key.Frame} comes after frame {next - 1}; "
                        + $"DeepLabCut has a line for every frame, so that it must be one of the next {DeepLabCutH5Writer.MaxGap:N0}.");
                }
                for (; !images && next < frame.Key.Frame; next++)
                    WriteFrame([next.ToString(CultureInfo.InvariantCulture)], []);
                next = frame.Key.Frame + 1;
                Dictionary<string, PoseRow> rows = new(StringComparer.Ordinal);
                foreach (PoseRow row in frame.Where(row => row.HasPoint))
                {
                    if (!rows.TryAdd(row.Item, row))
                    {
                        string animal = row.Item.Length == 0 ? "an animal without a name" : $"'{row.Item}'";
                        throw new InvalidDataException(
                            $"{row.Where}: {animal} is twice in frame {row.Frame} of '{row.Source}'; DeepLabCut tells "
                                + $"animals apart by their names.");
                    }
                }
                string name = images ? frame.Key.Source : frame.Key.Frame.ToString(CultureInfo.InvariantCulture);
                WriteFrame(indexColumns > 1 ? name.Split('/') : [name], rows);
            }

            void WriteFrame(string[] name, Dictionary<string, PoseRow> rows)
            {
                writer.Write(string.Join(',', name.Select(CsvText.Quote)));
                foreach (string individual in individuals)
                    WritePoints(writer, rows.GetValueOrDefault(individual), table.Skeleton.Count, scored);
                writer.WriteLine();
            }
        });
    }

    private static void WriteHeader(StreamWriter writer, PoseTable table, string scorer, string[] individuals, bool several,
        bool scored, int indexColumns)
    {
        string[] coordinates = scored ? ["x", "y", "likelihood"] : ["x", "y"];
        (string Individual, string Part, string Coordinate)[] columns =
        [
            .. from individual in individuals
               from part in table.Skeleton.Keypoints
               from coordinate in coordinates
               select (Name(individual), part, coordinate),
        ];
        Line("scorer", column => scorer);
        if (several)
            Line("individuals", column => column.Individual);
        Line("bodyparts", column => column.Part);
        Line("coords", column => column.Coordinate);

        void Line(string name, Func<(string Individual, string Part, string Coordinate), string> value)
        {
            string cells = string.Concat(columns.Select(column => $",{CsvText.Quote(value(column))}"));
            writer.WriteLine($"{name}{new string(',', indexColumns - 1)}{cells}");
        }
    }

    /// <summary>What to call an animal, for each of several must have a name.</summary>
    internal static string Name(string individual) => individual.Length == 0 ? "individual" : individual;

    private static void WritePoints(StreamWriter writer, PoseRow? row, int count, bool scored)
    {
        for (int k = 0; k < count; k++)
        {
            bool there = row is not null && float.IsFinite(row.Points[k].X);
            writer.Write(there ? FormattableString.Invariant($",{row!.Points[k].X:R},{row.Points[k].Y:R}") : ",,");
            if (scored)
            {
                writer.Write(row?.Scores is float[] scores && float.IsFinite(scores[k])
                    ? FormattableString.Invariant($",{scores[k]:R}")
                    : ",");
            }
        }
    }

    /// <summary>Who labelled: the SCORER of a file called <c>CollectedData_SCORER</c>.</summary>
    internal static string Scorer(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return name.StartsWith(LabelsPrefix, StringComparison.Ordinal) && name.Length > LabelsPrefix.Length
            ? name[LabelsPrefix.Length..]
            : DefaultScorer;
    }
}
