using System.Numerics;
using System.Text;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Files;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Labels;

/// <summary>
/// Saves corrected poses where <c>calibrate</c>, <c>postprocess</c> and <c>eval</c> (by a manifest) and <c>prior draw</c> read
/// them, and frames that are marked as wrong.
/// </summary>
/// <param name="folder">Where files are written.</param>
/// <param name="names">What images and videos are called in them.</param>
internal sealed class LabelBook(string folder, SourceNames names)
{
    private const int MostRows = 100_000;
    private static readonly string[] Extensions = [".json", ".slp", ".csv", ".h5"];

    private readonly Lock access = new();
    // By path, the revision that was saved last.
    private readonly Dictionary<string, string> own = new(StringComparer.Ordinal);

    /// <summary>Where files are written.</summary>
    public string Folder => folder;

    /// <summary>
    /// Writes a file of poses and, where frames are marked, a list of them beside it. What was saved last is replaced by whoever
    /// knows its revision and, where nothing is left of it, removed.
    /// </summary>
    /// <exception cref="RefusedException">
    /// What is to be saved has no sense, or a file of that name is somebody else's or another page's, or of an earlier start.
    /// </exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public SavedLabels Save(SaveRequest request)
    {
        string path = PathOf(request.Name);
        string marks = Path.ChangeExtension(path, ".wrong.csv");
        bool isLater = !string.IsNullOrEmpty(request.Revision);
        LabelRow[] rows = request.Rows is { Length: <= MostRows } given && (given.Length > 0 || isLater)
            ? given
            : throw Wrong($"there are {request.Rows?.Length ?? 0} rows; expected 1 to {MostRows:N0}. Correct or mark a frame first");
        if (Array.IndexOf<LabelRow?>(rows, null) is >= 0 and var none)
            throw Wrong($"row {none} is null; expected a pose or a mark");
        Dictionary<string, string> sources = NamesOf(rows);
        bool anyPoses = rows.Any(row => row.Points is not null);
        // Marks alone need none.
        Skeleton? skeleton = anyPoses || request.Skeleton is not null ? SkeletonOf(request.Skeleton) : null;
        PoseRow[] poses = [.. rows.Where(row => row.Points is not null).Select(row => RowOf(row, skeleton!, sources))];
        bool anyMarks = rows.Any(row => row.Wrong);
        string before = request.Revision ?? "", now = Guid.NewGuid().ToString("N");
        lock (access)
        {
            if (isLater && !Owns(path, before) && !Owns(marks, before) && (rows.Length == 0 || File.Exists(path) || File.Exists(marks)))
                throw Conflict($"{path} was written by an earlier start, or by another page since. It stays as it is; choose another name");
            RequireFree(path, before, anyPoses);
            RequireFree(marks, before, anyMarks);
            Directory.CreateDirectory(folder);
            Replace(path, before, now, anyPoses ? () => PoseFile.Write(new PoseTable(path, skeleton!, poses), path) : null);
            Replace(marks, before, now, anyMarks ? () => AtomicFile.WriteAllText(marks, MarksOf(rows, sources)) : null);
        }
        return new SavedLabels(anyPoses ? path : null, poses.Length, anyMarks ? marks : null, rows.Count(row => row.Wrong), now);
    }

    private string PathOf(string? name)
    {
        if (name is not { Length: > 0 } || Encoding.UTF8.GetByteCount(name) > DropBox.MostNameBytes || name[0] == '.'
            || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
            || !Extensions.Contains(Path.GetExtension(name), StringComparer.Ordinal))
        {
            throw Wrong(
                $"the name is '{name}'; expected a plain one that ends in .json (COCO), .slp (SLEAP), .csv or .h5 (DeepLabCut)");
        }
        return Path.Combine(folder, name);
    }

    private bool Owns(string path, string revision) => own.TryGetValue(path, out string? last) && last == revision;

    // Whoever knows the last revision knows all that is in there.
    private void RequireFree(string path, string revision, bool isWritten)
    {
        if (isWritten && !Owns(path, revision) && File.Exists(path))
            throw Conflict($"{path} is there already and was not saved from this page. Choose another name");
    }

    private void Replace(string path, string before, string now, Action? write)
    {
        if (write is not null)
        {
            write();
            own[path] = now;
        }
        else if (Owns(path, before))
        {
            File.Delete(path);
            own.Remove(path);
        }
    }

    private static Skeleton SkeletonOf(SavedSkeleton? given)
    {
        try
        {
            return new Skeleton(
                given?.Name is { Length: > 0 } name ? name : "labels",
                [.. given?.Keypoints ?? []],
                [.. (given?.Edges ?? []).Select(EdgeOf)],
                [.. (given?.Pairs ?? []).Select(PairOf)]);
        }
        catch (ArgumentException error)
        {
            throw Wrong($"the skeleton is none: {error.Message}");
        }
    }

    private static SkeletonEdge EdgeOf(int[]?[]? edge) => edge is [{ Length: > 0 } from, { Length: > 0 } to]
        ? new SkeletonEdge([.. from], [.. to])
        : throw Wrong("an edge of the skeleton is none; expected two lists of keypoints' numbers, as in [[0], [1, 2]]");

    private static (int Left, int Right) PairOf(int[]? pair) => pair is [var left, var right]
        ? (left, right)
        : throw Wrong("a pair of the skeleton is none; expected two keypoints' numbers, as in [3, 4]");

    // The page's own name for a root, 0/day1/cage.mp4, says nothing to others.
    private Dictionary<string, string> NamesOf(LabelRow[] rows)
    {
        Dictionary<string, string> sources = rows.Select(row => row.Source ?? "").Distinct().ToDictionary(id => id, names.NameOf);
        if (sources.GroupBy(source => source.Value).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw Wrong($"{string.Join(" and ", same.Select(source => $"'{source.Key}'"))} would both be called '{same.Key}'");
        return sources;
    }

    private static PoseRow RowOf(LabelRow row, Skeleton skeleton, Dictionary<string, string> sources)
    {
        if (row.Points!.Length != skeleton.Count || row.Points.Any(point => point is not (null or [_, _])))
        {
            throw Wrong(
                $"frame {row.Frame} of '{row.Source}' has {row.Points.Length} points; expected {skeleton.Count}, each [x, y] or null");
        }
        if (row.Frame < 0 || string.IsNullOrEmpty(row.Source))
            throw Wrong($"a row is of frame {row.Frame} of '{row.Source}'; expected a frame from 0 on, and a source");
        Vector2[] points = [.. row.Points.Select(point => point is null ? new Vector2(float.NaN) : new Vector2(point[0], point[1]))];
        Box? box = row.Box is [var x, var y, > 0 and var width, > 0 and var height] ? new Box(x, y, width, height) : null;
        string where = $"frame {row.Frame} of {row.Source}";
        return new PoseRow(sources[row.Source], row.Frame, row.Track ?? "", points, null, box, where);
    }

    private static string MarksOf(IEnumerable<LabelRow> rows, Dictionary<string, string> sources) =>
        "source,frame,track\n" + string.Concat(rows.Where(row => row.Wrong).Select(row =>
        {
            (string source, string track) = (sources[row.Source ?? ""], row.Track ?? "");
            return FormattableString.Invariant($"{CsvText.Quote(source)},{row.Frame},{CsvText.Quote(track)}\n");
        }));

    private static RefusedException Conflict(string what) => new(StatusCodes.Status409Conflict, $"{what}.");

    private static RefusedException Wrong(string what) => new(StatusCodes.Status400BadRequest, $"Nothing was saved: {what}.");
}

/// <summary>What is to be saved.</summary>
/// <param name="Name">The file's name; its extension says the format.</param>
/// <param name="Skeleton">What the points are called.</param>
/// <param name="Rows">Corrected or marked poses.</param>
/// <param name="Revision">What was answered when the file was saved last; null where the page did not save it yet.</param>
internal sealed record SaveRequest(string? Name, SavedSkeleton? Skeleton, LabelRow[]? Rows, string? Revision = null);

/// <summary>A skeleton as the page sends it.</summary>
internal sealed record SavedSkeleton(string? Name, string[]? Keypoints, int[]?[]?[]? Edges, int[]?[]? Pairs);

/// <summary>A pose as the page sends it.</summary>
/// <param name="Source">The image or video.</param>
/// <param name="Frame">Its frame.</param>
/// <param name="Track">Which subject.</param>
/// <param name="Box">x, y, width, height; null for none.</param>
/// <param name="Points">K points, null where there is none; null where the frame is only marked.</param>
/// <param name="Wrong">Whether it is marked as wrong.</param>
internal sealed record LabelRow(string? Source, long Frame, string? Track, float[]? Box, float[]?[]? Points, bool Wrong);

/// <summary>What was saved.</summary>
/// <param name="Path">The file of poses; null where there are none.</param>
/// <param name="Poses">How many.</param>
/// <param name="Marks">The list of wrong frames; null where there are none.</param>
/// <param name="Marked">How many.</param>
/// <param name="Revision">By which what was saved is replaced.</param>
internal sealed record SavedLabels(string? Path, int Poses, string? Marks, int Marked, string Revision);
