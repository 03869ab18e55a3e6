using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Scoring.Sinks;

/// <summary>Prediction files by their extension.</summary>
public static class PredictionFiles
{
    private static readonly Dictionary<string, Func<string, Skeleton, bool, IPredictionSink>> Formats = new(
        StringComparer.OrdinalIgnoreCase)
    {
        [".parquet"] = (path, skeleton, normalized) => new ParquetSink(path, skeleton, normalized),
        [".csv"] = (path, skeleton, normalized) => new CsvSink(path, skeleton, normalized),
        [".jsonl"] = (path, skeleton, _) => new JsonLinesSink(path, skeleton),
        [".json"] = (path, skeleton, _) => new CocoSink(path, skeleton),
        [DeepLabCutFiles.Hdf5] = (path, skeleton, _) => new DeepLabCutSink(path, skeleton),
        [DeepLabCutFiles.Csv] = (path, skeleton, _) => new PoseTableSink(path, skeleton),
        [".slp"] = (path, skeleton, _) => new PoseTableSink(path, skeleton),
    };

    /// <summary>
    /// Checks that the extension is one of a format: <c>.parquet</c>, <c>.csv</c>, <c>.jsonl</c> (JSON Lines),
    /// <c>.json</c> (COCO keypoints), <c>.h5</c> and <c>.deeplabcut.csv</c> (DeepLabCut's predictions of one video, or
    /// of images), <c>.slp</c> (SLEAP).
    /// </summary>
    /// <exception cref="InvalidDataException">It is not; the message lists them.</exception>
    public static void Check(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (FormatOf(path) is null)
        {
            throw new InvalidDataException(
                $"The output '{path}' has the extension '{Path.GetExtension(path)}'; "
                + $"expected one of {string.Join(", ", Formats.Keys)} (.jsonl: JSON Lines, .json: COCO keypoints, "
                + $"{DeepLabCutFiles.Hdf5}, {DeepLabCutFiles.Csv}: DeepLabCut, .slp: SLEAP).");
        }
        if (Directory.Exists(path))
            throw new InvalidDataException($"The output '{path}' is a folder; expected the name of a file.");
    }

    /// <summary>Starts a file of the format that its extension says. Its folder is made where it is not there.</summary>
    /// <param name="path">The final name; an old file is replaced on completion. What killed processes left of it is removed.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <param name="normalized">Whether the rows have normalised poses too.</param>
    /// <exception cref="InvalidDataException">The extension is of no format; the message lists them.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static IPredictionSink Create(string path, Skeleton skeleton, bool normalized = false)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        Check(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.RemoveLeftoversOf(path);
        return Formats[FormatOf(path)!](path, skeleton, normalized);
    }

    // The longest end of a name says more than the last dot.
    private static string? FormatOf(string path) =>
        Formats.Keys.Where(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)).MaxBy(end => end.Length);
}
