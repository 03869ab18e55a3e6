using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Priors.Sources;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Projects;

/// <summary>Writes labels of a tool's file as a manifest's readers take them: by boxes, or by images.</summary>
internal sealed partial class ProjectLabels
{
    private readonly ProjectOptions options;
    private readonly ProjectMedia media;
    private readonly Skeleton skeleton;
    private readonly Action<string> note;

    internal ProjectLabels(ProjectOptions options, ProjectMedia media, Skeleton skeleton, Action<string> note)
    {
        this.options = options;
        this.media = media;
        this.skeleton = skeleton;
        this.note = note;
    }

    /// <summary>Reads the file, before anything is looked for.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or none of its labels is of the videos that were given.</exception>
    internal static PoseTable Read(ProjectOptions options, Skeleton skeleton)
    {
        PoseTable table = PoseSource.Read(options.Labels!, skeleton, options.Category, ProjectPoses.NamesHint);
        if (options.Videos.Count > 0)
            table.RequireFrames();
        Func<PoseRow, (string, long)?> place = InVideos(table, options.Videos);
        return options.Videos.Count == 0 || table.Rows.Any(row => place(row) is not null)
            ? table
            : throw Strange(options, table, "these videos");
    }

    /// <summary>Writes the labels.</summary>
    /// <param name="table">What <see cref="Read"/> gave.</param>
    /// <param name="boxes">Where the subjects are; empty for whole images.</param>
    /// <param name="test">The file to write those to that errors are measured with.</param>
    /// <param name="train">The file to write those to that are trained on; null: none are.</param>
    /// <exception cref="InvalidDataException">None of the labels is of these videos or images, or too few to divide are.</exception>
    internal WrittenLabels Write(PoseTable table, IReadOnlyList<TrackedBox> boxes, string test, string? train = null)
    {
        ProjectLabel[] labels = media.HasBoxes ? OfBoxes(table, boxes) : OfImages(table);
        if (labels.Length == 0)
        {
            string expected = !media.HasBoxes ? "these images" : media.Images.Count > 0 ? "a box of these images" : "a box of these videos";
            throw Strange(options, table, expected);
        }
        (ProjectLabel[] learnt, ProjectLabel[] measured) = train is null ? ([], labels) : LabelDivision.Divide(labels, options.Labels!);
        string found = media.HasBoxes ? options.Boxes is null ? "found subjects" : "subjects in the boxes" : "the images";
        note($"{options.Labels}: {labels.Length} of {table.Rows.Count} labels are of {found}; " + (train is null
            ? "they measure errors, and train nothing"
            : $"{learnt.Length} are trained on, and {measured.Length} measure the error"));
        Write(measured, test);
        if (train is not null)
            Write(learnt, train);
        return new WrittenLabels(measured.Min(label => label.Frame), measured.Max(label => label.Frame), learnt.Length);
    }

    private void Write(ProjectLabel[] labels, string output)
    {
        string key = !media.HasBoxes ? "frame" : media.HasSources ? "source,frame,track" : "frame,track";
        AtomicFile.Write(output, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine($"{key},{string.Join(',', Columns().Select(CsvText.Quote))}");
            foreach (ProjectLabel label in labels)
                writer.WriteLine($"{label.Key},{string.Join(',', label.Points.Select(Text))}");
        });

        IEnumerable<string> Columns() => skeleton.Keypoints.SelectMany(name => (string[])[$"{name}_x", $"{name}_y"]);
    }

    private static InvalidDataException Strange(ProjectOptions options, PoseTable table, string expected)
    {
        string names = string.Join(", ", table.Rows.Select(row => row.Source).Distinct().Take(3));
        return new InvalidDataException(
            $"{options.Labels}: none of its {table.Rows.Count} labels is of {expected}; they are of "
            + $"{(names.Length == 0 ? "frames of a video that the file does not name" : names)}. "
            + "Names of files must be the same, and those of their folders where several files have one name.");
    }

    // Of several labels of an image, that with the most points counts.
    private ProjectLabel[] OfImages(PoseTable table)
    {
        Func<PoseRow, (string Image, long)?> place = InImages(table);
        IGrouping<string, Vector2[]>[] images =
        [
            .. table.Rows.Select(row => (Image: place(row)?.Image, Points: PoseTable.Labels(row, options.MinScore)))
                .Where(label => label.Image is not null && label.Points.Any(IsFinite))
                .GroupBy(label => label.Image!, label => label.Points, StringComparer.Ordinal),
        ];
        int several = images.Count(image => image.Count() > 1);
        if (several > 0)
        {
            note($"{several} {(several == 1 ? "image has" : "images have")} several labels, of which the one with the most points is "
                + "taken: where there are several subjects in an image, give --boxes");
        }
        return
        [
            .. images.Select(image => OfImage(CsvText.Quote(image.Key), image.Key, image.MaxBy(points => points.Count(IsFinite))!)),
        ];
    }

    // Of labels that lie in one box, that with the most points counts; of boxes that hold one label, that whose middle is nearest.
    private ProjectLabel[] OfBoxes(PoseTable table, IReadOnlyList<TrackedBox> boxes)
    {
        ILookup<(string?, long), TrackedBox> byFrame = boxes.ToLookup(box => (box.Source, box.Frame));
        HashSet<string> used = [.. media.Videos, .. media.Images];
        Func<PoseRow, (string, long)?> place = media.Images.Count > 0 ? InImages(table) : InVideos(table, options.Videos);
        var labels = new Dictionary<TrackedBox, Vector2[]>();
        foreach (PoseRow row in table.Rows)
        {
            Vector2[] points = PoseTable.Labels(row, options.MinScore);
            Vector2[] there = [.. points.Where(IsFinite)];
            if (there.Length == 0 || place(row) is not (string video, long frame) || !used.Contains(video))
                continue;
            TrackedBox[] around = [.. byFrame[(media.HasSources ? video : null, frame)]
                .Where(box => there.Count(point => Holds(box.Box, point)) * 2 > there.Length)
                .OrderBy(box => Vector2.Distance(Middle(box.Box), there.Aggregate(Vector2.Zero, Vector2.Add) / there.Length))];
            if (around.Length > 0 && (!labels.TryGetValue(around[0], out Vector2[]? other) || other.Count(IsFinite) < there.Length))
                labels[around[0]] = points;
        }
        return
        [
            .. labels.OrderBy(label => (label.Key.Source ?? "", label.Key.Frame)).Select(label => Of(label.Key, label.Value)),
        ];

        ProjectLabel Of(TrackedBox box, Vector2[] points)
        {
            string key = $"{(media.HasSources ? $"{CsvText.Quote(box.Source!)}," : "")}{box.Frame},{CsvText.Quote(box.Track)}";
            return media.Images.Count > 0 ? OfImage(key, box.Source!, points) : new(key, box.Source ?? "", box.Frame, "", points);
        }
    }

    // Images of one folder are one sequence where they are frames of a video; else each is one of its own.
    private ProjectLabel OfImage(string key, string image, Vector2[] points) =>
        new(key, media.FoldersAreClips ? Path.GetDirectoryName(image) ?? "" : image, 0, image, points);

    private Func<PoseRow, (string, long)?> InImages(PoseTable table)
    {
        var files = LabelledFiles.Of(table, media.AllImages.Select(image => (Path.Combine(options.MediaFolder, image), image)));
        return row => files.Find(row.Source) is string image ? (image, 0) : null;
    }

    // Which video and frame: DeepLabCut labels images that it took out of a video, videoname/img0123.png.
    private static Func<PoseRow, (string, long)?> InVideos(PoseTable table, IReadOnlyList<(string Path, string Name)> videos)
    {
        var files = LabelledFiles.Of(table, videos);
        var ofFrames = LabelledFiles.OfFrames(table, videos);
        return row =>
        {
            if (row.Source.Length == 0)
                return videos.Count == 1 ? (videos[0].Name, row.Frame) : null;
            if (!ImageFolder.IsImage(row.Source))
                return files.Find(row.Source) is string video ? (video, row.Frame) : null;
            string source = row.Source.Replace('\\', '/');
            string digits = LastNumber().Match(Path.GetFileNameWithoutExtension(source)).Value;
            return source.Contains('/') && ofFrames.Find(source[..source.LastIndexOf('/')]) is string named
                && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long frame)
                ? (named, frame)
                : null;
        };
    }

    [GeneratedRegex("[0-9]+(?=[^0-9]*$)")]
    private static partial Regex LastNumber();

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);

    private static Vector2 Middle(Box box) => new(box.X + (box.Width - 1) / 2, box.Y + (box.Height - 1) / 2);

    private static bool Holds(Box box, Vector2 point) =>
        point.X >= box.X - 0.5f && point.Y >= box.Y - 0.5f && point.X <= box.X + box.Width - 0.5f && point.Y <= box.Y + box.Height - 0.5f;

    private static string Text(Vector2 point) =>
        IsFinite(point) ? string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}") : ",";
}
