namespace KeypointMl.Data;

/// <summary>Reads and writes files of poses by their kind.</summary>
public static class PoseFile
{
    /// <summary>
    /// Reads SLEAP's <c>.slp</c> and analysis <c>.h5</c>, DeepLabCut's <c>.h5</c> and <c>.csv</c>, COCO keypoints
    /// <c>.json</c>, and CSV with a header line (see <see cref="CsvPoses"/>).
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is of no such kind, damaged, or holds something unexpected; the
    /// message names file and position.</exception>
    public static PoseTable Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        return System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".slp" => SleapReader.Read(path),
            ".h5" or ".hdf5" => Hdf5Poses.Read(path),
            ".json" => CocoKeypoints.Read(path).ToTable(),
            ".csv" => DeepLabCutCsvReader.IsDeepLabCut(path) ? DeepLabCutCsvReader.Read(path) : CsvPoses.Read(path),
            string extension => throw new InvalidDataException($"{path}: files of poses end in .slp, .h5, .json or .csv, not in '{extension}'."),
        };
    }

    /// <summary>
    /// Writes COCO keypoints <c>.json</c>, CSV, or <c>.slp</c> for SLEAP. The file appears under its name only when
    /// it is complete.
    /// </summary>
    /// <exception cref="ArgumentException">The name ends in something else.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(PoseTable table, string path)
    {
        switch (System.IO.Path.GetExtension(path).ToLowerInvariant())
        {
            case ".json":
                CocoWriter.Write(table, path);
                break;
            case ".csv":
                CsvPoses.Write(table, path);
                break;
            case ".slp":
                SleapWriter.Write(table, path);
                break;
            default:
                throw new ArgumentException($"{path}: poses are written as .json (COCO), .csv or .slp (SLEAP).", nameof(path));
        }
    }
}
