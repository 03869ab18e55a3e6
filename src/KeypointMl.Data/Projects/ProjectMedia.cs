using System.Globalization;
using System.Text;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Data.Projects;

/// <summary>The videos or images of a project, and where the subjects are in them.</summary>
internal sealed record ProjectMedia
{
    private const int ImagesLookedAt = 50;

    /// <summary>The videos that are used: relative to the media folder.</summary>
    public IReadOnlyList<string> Videos { get; private init; } = [];

    /// <summary>The images, relative to the media folder; empty for videos.</summary>
    public IReadOnlyList<string> Images { get; private init; } = [];

    /// <summary>The images of the media folder, whether they are used or not; empty for videos.</summary>
    public IReadOnlyList<string> AllImages { get; private init; } = [];

    /// <summary>Whether the boxes have the column <c>source</c>.</summary>
    public bool HasSources { get; private init; }

    /// <summary>Whether frames are used as a whole.</summary>
    public bool WholeFrames { get; private init; }

    /// <summary>Frames in a second, of the first video.</summary>
    public double FramesPerSecond { get; private init; }

    /// <summary>Whether the images of a folder are frames of one video.</summary>
    public bool FoldersAreClips { get; private init; }

    /// <summary>Whether there is a boxes file: of videos always.</summary>
    public bool HasBoxes { get; private init; }

    /// <summary>Lists the images of a folder.</summary>
    /// <exception cref="InvalidDataException">There is none, or one cannot be read.</exception>
    internal static ProjectMedia OfImages(ProjectOptions options, string boxes, Action<string> note)
    {
        LeftOutFiles leftOut = new();
        IReadOnlyList<string> images = ImageFolder.List(options.MediaFolder, leftOut);
        if (leftOut.Describe(options.MediaFolder) is { } text)
            note(text);
        // Frames of a video are of one size and lie together.
        bool areFrames = images.GroupBy(Path.GetDirectoryName).Any(folder => folder.Count() > 1)
            && EvenChoice.Choose(images.Count, ImagesLookedAt)
                .GroupBy(i => Path.GetDirectoryName(images[i]))
                .All(folder => folder.Select(i => SizeOf(options, images[i])).Distinct().Count() == 1);
        note(areFrames
            ? "the images of a folder have one size: they are taken for frames of one video, in the order of their names "
                + "(else write 'clips: false' in the manifest's reader)"
            : "the images are taken for single ones: a training pair is one image, warped twice");
        var media = new ProjectMedia
        {
            Images = images,
            AllImages = images,
            WholeFrames = true,
            FoldersAreClips = areFrames,
            HasSources = true,
        };
        if (options.Boxes is not null)
            return ProjectBoxes.Take(media, images, options, boxes, note);
        note($"whole images are used, {images.Count} of them, each resized to a square; where subjects are small, give --boxes");
        return media;
    }

    /// <summary>
    /// Looks for subjects in the videos, and writes their boxes; where there is no ground to tell them from, whole frames.
    /// </summary>
    /// <param name="options">The project's.</param>
    /// <param name="boxes">The boxes file to write.</param>
    /// <param name="sheet">A picture of doubtful frames to write.</param>
    /// <param name="note">Is told what was found.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="InvalidDataException">No video can be used; the message says why.</exception>
    internal static ProjectMedia OfVideos(
        ProjectOptions options, string boxes, string sheet, Action<string> note, CancellationToken cancellation)
    {
        IReadOnlyList<(string Path, string Name)> videos = options.Videos;
        if (options.Boxes is not null)
        {
            var given = new ProjectMedia { HasSources = videos.Count > 1 };
            given = ProjectBoxes.Take(given, [.. videos.Select(video => video.Name)], options, boxes, note);
            return given with { FramesPerSecond = Rate(VideoProbe.Read(videos.First(video => video.Name == given.Videos[0]).Path)) };
        }
        List<SubjectSearchResult> results = [];
        if (!options.WholeFrames)
        {
            new SubjectSearch
            {
                Boxes = boxes,
                Sheet = sheet,
                Options = new SubjectFinderOptions { Count = options.Count, Size = options.BoxSize, Threads = options.Threads },
            }.Run(videos, result =>
            {
                results.Add(result);
                note(result.ToString());
            }, cancellation);
        }
        bool whole = options.WholeFrames || results.Count(result => result.NeedsWholeFrames) * 2 > results.Count;
        var media = new ProjectMedia { HasSources = videos.Count > 1, HasBoxes = true, WholeFrames = whole };
        if (whole)
            return OfWholeFrames(media, videos, boxes, note);
        string[] usable = [.. results.Where(result => result.Error is null).Select(result => result.Name)];
        if (usable.Length == 0)
        {
            throw new InvalidDataException(
                $"No video can be used: {string.Join(" ", results.Select(result => result.Error))} "
                + "--whole-frames takes frames as they are.");
        }
        if (usable.Length < results.Count)
            note($"{results.Count - usable.Length} of {results.Count} videos are left out, as said above");
        string first = videos.First(video => usable.Contains(video.Name)).Path;
        return media with { Videos = usable, FramesPerSecond = Rate(VideoProbe.Read(first)) };
    }

    /// <summary>The same with the boxes that a file gives.</summary>
    /// <param name="names">The videos or images that have some.</param>
    internal ProjectMedia WithBoxes(IReadOnlyList<string> names) => this with
    {
        Images = Images.Count > 0 ? names : [],
        Videos = Images.Count > 0 ? [] : names,
        HasBoxes = true,
        WholeFrames = false,
    };

    private static ProjectMedia OfWholeFrames(
        ProjectMedia media, IReadOnlyList<(string Path, string Name)> videos, string boxes, Action<string> note)
    {
        note("whole frames are used, in squares of their longer side: subjects that fill the frame, or a camera that moves, leave no "
            + "ground to tell subjects from");
        double rate = 0;
        List<string> used = [];
        AtomicFile.Write(boxes, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine($"{(media.HasSources ? "source," : "")}frame,track,x,y,width,height,score");
            foreach ((string path, string name) in videos)
            {
                VideoInfo info;
                long frames;
                try
                {
                    (info, frames) = (VideoProbe.Read(path), VideoIndex.Read(path).Frames);
                }
                catch (InvalidDataException error)
                {
                    note($"left out: {error.Message}");
                    continue;
                }
                rate = rate == 0 ? Rate(info) : rate;
                used.Add(name);
                int side = Math.Max(info.Width, info.Height);
                string box = string.Create(
                    CultureInfo.InvariantCulture, $"0,{(info.Width - side) / 2f},{(info.Height - side) / 2f},{side},{side},1");
                for (long frame = 0; frame < frames; frame++)
                    writer.WriteLine($"{(media.HasSources ? $"{CsvText.Quote(name)}," : "")}{frame},{box}");
            }
            if (used.Count == 0)
                throw new InvalidDataException("No video can be used; each is named above.");
        });
        return media with { Videos = used, FramesPerSecond = rate };
    }

    private static (int, int) SizeOf(ProjectOptions options, string image) =>
        ImageDecoder.ReadSize(Path.Combine(options.MediaFolder, image));

    private static double Rate(VideoInfo info) => info.FramesPerSecond > 0 ? info.FramesPerSecond : 25;
}
