using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// Writes poses as an HDF5 file that DeepLabCut reads: a pandas data frame <c>df_with_missing</c> with columns scorer,
/// individuals (where there are several), bodyparts and coords (<c>x,y</c> and, with scores, <c>likelihood</c>). Of a
/// video it has a row for every frame from 0 on, for DeepLabCut takes a row's place for the frame's number; of images a
/// row for each, named by its path, which as labels is divided (<c>labeled-data</c>, video, image).
/// </summary>
/// <remarks>
/// How many animals there are is known at the end: until then poses wait in a temporary file beside it, a frame in memory.
/// </remarks>
internal sealed class DeepLabCutH5Writer : IDisposable
{
    private const string Key = "df_with_missing";
    private const int PathLevels = 3;

    /// <summary>How many frames without a pose may lie between two with one.</summary>
    internal const long MaxGap = 10_000_000;

    private readonly record struct Pose(int Individual, float[] Values);

    private readonly string path;
    private readonly IReadOnlyList<string> keypoints;
    private readonly int coordinates;
    private readonly PendingFile file;
    private readonly PendingFile waiting;
    private readonly BinaryWriter spool;
    private readonly Dictionary<string, int> individuals = new(StringComparer.Ordinal);
    private readonly List<Pose> poses = [];
    private string? source;
    private long frame = -1;
    private bool isImages;
    private long records;
    private int nameBytes;
    private bool hasPathLevels = true;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="keypoints">The K body parts.</param>
    /// <param name="scored">Whether there are scores: predictions rather than labels.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    internal DeepLabCutH5Writer(string path, IReadOnlyList<string> keypoints, bool scored)
    {
        (this.path, this.keypoints, coordinates) = (path, keypoints, scored ? 3 : 2);
        // Never completed.
        waiting = new PendingFile(path);
        spool = new BinaryWriter(waiting.Content);
        try
        {
            file = new PendingFile(path);
        }
        catch
        {
            waiting.Dispose();
            throw;
        }
    }

    /// <summary>Writes a table of poses as a file, which appears under its name only when it is complete.</summary>
    /// <param name="table">The poses; of one video, or of images.</param>
    /// <param name="path">The file; the scorer is taken from the name <c>CollectedData_SCORER.h5</c>.</param>
    /// <exception cref="InvalidDataException">
    /// The poses are of several videos, for each of which DeepLabCut has a file, or an animal is twice in a frame;
    /// the message names the row.
    /// </exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(PoseTable table, string path)
    {
        AtomicFile.RemoveLeftoversOf(path);
        using var writer = new DeepLabCutH5Writer(path, table.Skeleton.Keypoints, table.Rows.Any(row => row.Scores is not null));
        foreach (var row in table.WithNamedItems(posesOnly: true).Rows.GroupBy(row => (row.Source, row.Frame))
            .OrderBy(group => ImageFolder.IsImage(group.Key.Source) ? 0 : group.Key.Frame).SelectMany(group => group))
        {
            writer.Add(row.Source, row.Frame, row.Where);
            if (row.HasPoint)
                writer.AddPose(row.Item, row.Points, row.Scores, row.Where);
        }
        writer.Complete();
    }

    /// <summary>Goes on to a frame; it has a row even if no pose is added. The frames of a video must rise.</summary>
    /// <exception cref="InvalidDataException">It is of another video, or none that can follow; the message says which.</exception>
    internal void Add(string source, long frame, string where)
    {
        if (source == this.source && frame == this.frame)
            return;
        WriteFrame();
        bool isImage = ImageFolder.IsImage(source);
        if (this.source is not null && source != this.source && !(isImage && isImages))
        {
            throw new InvalidDataException($"{where}: '{PrintableText.Of(source)}' comes after '{PrintableText.Of(this.source)}'; "
                + $"'{path}' is for DeepLabCut, which has a file for each video. Divide the poses first.");
        }
        if (!isImage && (frame <= this.frame || frame - this.frame > MaxGap))
        {
            throw new InvalidDataException($"{where}: frame {frame} comes after frame {this.frame}; "
                + $"DeepLabCut has a row for every frame, so that it must be one of the next {MaxGap:N0}.");
        }
        (this.source, this.frame, isImages) = (source, frame, isImage);
        if (isImage)
        {
            nameBytes = Math.Max(nameBytes, Encoding.UTF8.GetByteCount(source));
            hasPathLevels &= source.Count(c => c == '/') == PathLevels - 1;
        }
    }

    /// <summary>Adds an animal to the frame.</summary>
    /// <param name="item">Its name; may be empty.</param>
    /// <param name="points">K points; NaN where there is none.</param>
    /// <param name="scores">K scores, or empty.</param>
    /// <param name="where">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">It is in the frame already.</exception>
    internal void AddPose(string item, ReadOnlySpan<Vector2> points, ReadOnlySpan<float> scores, string where)
    {
        if (!individuals.TryGetValue(item, out int individual))
            individuals.Add(item, individual = individuals.Count);
        if (poses.Any(pose => pose.Individual == individual))
        {
            string animal = item.Length == 0 ? "an animal without a name" : $"'{PrintableText.Of(item)}'";
            throw new InvalidDataException(
                $"{where}: {animal} is twice in frame {frame} of '{PrintableText.Of(source ?? "")}'; DeepLabCut tells animals apart "
                + "by their names.");
        }
        float[] values = new float[keypoints.Count * coordinates];
        for (int k = 0; k < keypoints.Count; k++)
        {
            bool there = float.IsFinite(points[k].X) && float.IsFinite(points[k].Y);
            values[k * coordinates] = there ? points[k].X : float.NaN;
            values[(k * coordinates) + 1] = there ? points[k].Y : float.NaN;
            if (coordinates > 2)
                values[(k * coordinates) + 2] = scores.IsEmpty ? float.NaN : scores[k];
        }
        poses.Add(new Pose(individual, values));
    }

    /// <summary>Finishes the file and gives it its name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Complete()
    {
        WriteFrame();
        spool.Flush();
        string[] names = individuals.Count > 0 ? [.. individuals.Keys] : [""];
        bool several = names.Length > 1;
        string scorer = DeepLabCutCsvWriter.Scorer(path);
        string[][] columns =
        [
            .. from name in names
               from part in keypoints
               from coordinate in ((string[])["x", "y", "likelihood"]).Take(coordinates)
               select (string[])(several ? [scorer, DeepLabCutCsvWriter.Name(name), part, coordinate] : [scorer, part, coordinate]),
        ];
        PandasIndex index = isImages
            ? new PandasIndex(records, Names(), nameBytes, hasPathLevels && coordinates == 2 ? PathLevels : 1)
            : new PandasIndex(frame + 1, null, 0, 1);
        string[] levels = several ? ["scorer", "individuals", "bodyparts", "coords"] : ["scorer", "bodyparts", "coords"];
        Hdf5Writer.Write(file.Content, PandasFrame.File(Key, levels, columns, index, stream => WriteRows(stream, columns.Length)));
        file.Complete();
    }

    public void Dispose()
    {
        file.Dispose();
        waiting.Dispose();
    }

    private void WriteFrame()
    {
        if (source is null)
            return;
        records++;
        spool.Write(frame);
        spool.Write(source);
        spool.Write(poses.Count);
        foreach (Pose pose in poses)
        {
            spool.Write(pose.Individual);
            spool.Write(MemoryMarshal.AsBytes<float>(pose.Values));
        }
        poses.Clear();
    }

    private IEnumerable<string> Names() => Records().Select(record => record.Source);

    private void WriteRows(Stream stream, int width)
    {
        double[] row = new double[width];
        long next = 0;
        foreach ((_, long number, List<Pose> found) in Records())
        {
            Array.Fill(row, double.NaN);
            for (; !isImages && next < number; next++)
                stream.Write(MemoryMarshal.AsBytes<double>(row));
            next++;
            foreach (Pose pose in found)
            {
                for (int i = 0; i < pose.Values.Length; i++)
                    row[(pose.Individual * pose.Values.Length) + i] = pose.Values[i];
            }
            stream.Write(MemoryMarshal.AsBytes<double>(row));
        }
    }

    private IEnumerable<(string Source, long Frame, List<Pose> Poses)> Records()
    {
        waiting.Content.Position = 0;
        using var reader = new BinaryReader(waiting.Content, Encoding.UTF8, leaveOpen: true);
        for (long i = 0; i < records; i++)
        {
            (long number, string name) = (reader.ReadInt64(), reader.ReadString());
            var found = new List<Pose>();
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                int individual = reader.ReadInt32();
                float[] values = new float[keypoints.Count * coordinates];
                waiting.Content.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
                found.Add(new Pose(individual, values));
            }
            yield return (name, number, found);
        }
    }
}
