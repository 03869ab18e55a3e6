using KeypointMl.Data.Formats.Coco;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Sleap;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Formats.PoseFiles;

/// <summary>Reads and writes files of poses by their kind.</summary>
public static class PoseFile
{
    /// <summary>What a refusal says of the names that it expects.</summary>
    internal const string WrittenKinds = "poses are written as .json (COCO), .csv, .slp (SLEAP) or .h5 (DeepLabCut)";

    private static readonly Dictionary<string, Action<PoseTable, string>> Writers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".json"] = CocoWriter.Write,
        [".csv"] = CsvPoses.Write,
        [".slp"] = SleapWriter.Write,
        [".h5"] = DeepLabCutH5Writer.Write,
    };

    /// <summary>
    /// Reads SLEAP's <c>.slp</c> and analysis <c>.h5</c>, DeepLabCut's <c>.h5</c> and <c>.csv</c>, COCO keypoints
    /// <c>.json</c>, and CSV with a header line (see <see cref="CsvPoses"/>).
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="category">For COCO: the category to read (see <see cref="CocoKeypoints.Read"/>). No other kind has categories.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is of no such kind, damaged, or holds something unexpected, or a category is asked of a kind that has none;
    /// the message names file and position.
    /// </exception>
    public static PoseTable Read(string path, string? category = null)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        RegularFile.Require(path, "file");
        string kind = Path.GetExtension(path).ToLowerInvariant();
        if (category is not null && kind != ".json")
            throw new InvalidDataException($"{path}: only COCO keypoints .json has categories; leave out the category '{category}'.");
        return kind switch
        {
            ".slp" => SleapReader.Read(path),
            ".h5" or ".hdf5" => Hdf5Poses.Read(path),
            ".json" => CocoKeypoints.Read(path, category).ToTable(),
            ".csv" => DeepLabCutCsvReader.IsDeepLabCut(path) ? DeepLabCutCsvReader.Read(path) : CsvPoses.Read(path),
            _ => throw new InvalidDataException($"{path}: files of poses end in .slp, .h5, .json or .csv, not in '{kind}'."),
        };
    }

    /// <summary>
    /// Writes COCO keypoints <c>.json</c>, CSV, <c>.slp</c> for SLEAP, or <c>.h5</c> for DeepLabCut (a row for each image, or
    /// for each frame of one video). The file appears under its name only when it is complete.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// For DeepLabCut: the poses are of several videos, or an animal is twice in a frame; the message names the row.
    /// </exception>
    /// <exception cref="ArgumentException">The name ends in something else.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(PoseTable table, string path)
    {
        if (!Writers.TryGetValue(Path.GetExtension(path), out Action<PoseTable, string>? write))
            throw new ArgumentException($"{path}: {WrittenKinds}.", nameof(path));
        write(table, path);
    }

    /// <summary>Whether poses can be written to a file of that name.</summary>
    internal static bool CanWrite(string path) => Writers.ContainsKey(Path.GetExtension(path));
}

/// <summary>Reads poses from an HDF5 file, whose name does not say which tool wrote it.</summary>
internal static class Hdf5Poses
{
    private const long MaxBytes = 2L << 30;

    internal static PoseTable Read(string path)
    {
        using var source = Hdf5Source.Open(path, MaxBytes);
        if (source.Find("metadata")?.Attribute("json") is not null)
            return SleapReader.Read(source);
        return SleapAnalysisReader.IsAnalysis(source) ? SleapAnalysisReader.Read(source) : DeepLabCutH5Reader.Read(source);
    }
}
