using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Review;

/// <summary>
/// The images and videos that predictions are of: those of the inputs that are given; else files of their names, beside the
/// predictions or in the current folder.
/// </summary>
internal sealed class ReviewMedia
{
    private readonly Dictionary<string, string> given;
    private readonly Dictionary<string, string> prefixed = new(StringComparer.Ordinal);
    private readonly string[] folders;
    private readonly HashSet<string> notes = [];
    private readonly FramePicker videos = new();

    /// <param name="inputs">What was scored: images, folders, globs, lists or videos.</param>
    /// <param name="predictions">The predictions' file.</param>
    /// <param name="sources">The sources that will be asked for.</param>
    /// <exception cref="IOException">An input is not there.</exception>
    /// <exception cref="InvalidDataException">An input is not usable.</exception>
    public ReviewMedia(IEnumerable<string> inputs, string predictions, IEnumerable<string> sources)
    {
        given = new(StringComparer.Ordinal);
        var doubles = new HashSet<string>(StringComparer.Ordinal);
        foreach (InputFile file in inputs.SelectMany(InputFiles.Find))
        {
            if (!given.TryAdd(file.Name, file.Path))
                doubles.Add(file.Name);
        }
        // A source may begin with a 'prefix', which the inputs do not show; where two end alike, nobody knows which one is meant.
        foreach (IGrouping<string?, string> end in sources.Distinct().Where(source => !given.ContainsKey(source)).GroupBy(GivenEndOf))
        {
            if (end.Key is { } name && end.Count() == 1 && !doubles.Contains(name))
                prefixed.Add(end.Single(), given[name]);
        }
        folders = [Path.GetDirectoryName(Path.GetFullPath(predictions))!, Directory.GetCurrentDirectory()];
    }

    /// <summary>Which sources have no pictures, and why.</summary>
    public IReadOnlyCollection<string> Notes => notes;

    /// <summary>The file of a source; null where it is not found.</summary>
    public string? Find(string source)
    {
        if (given.TryGetValue(source, out string? path) || prefixed.TryGetValue(source, out path))
            return path;
        // DeepLabCut's files do not name their video.
        if (source.Length == 0)
            return given.Count == 1 ? given.Values.Single() : null;
        return given.Count > 0
            ? null
            : Array.Find([.. folders.Select(folder => Path.Combine(folder, source))], File.Exists);
    }

    /// <summary>
    /// When frames of a video are shown, in seconds: as its packets say, else by its mean rate; null of images and of what
    /// cannot be read.
    /// </summary>
    public Func<long, double?> TimesOf(string source, CancellationToken cancellation)
    {
        VideoIndex? index = null;
        if (Find(source) is { } path && !ImageFolder.IsImage(path))
            Try(source, () => index = videos.IndexOf(path, cancellation));
        double? rate = index?.Info.FramesPerSecond is > 0 and var known ? known : null;
        return frame => index?.TimeOf(frame) ?? frame / rate;
    }

    /// <summary>Reads frames of a source and hands over those that can be read; a frame's pixels are used again.</summary>
    /// <param name="source">The image or video.</param>
    /// <param name="frames">Their numbers.</param>
    /// <param name="take">Takes a frame.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public void Read(string source, IEnumerable<long> frames, Action<long, RgbImage> take, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Find(source) is not { } path)
        {
            string where = given.Count > 0 ? "it is none of the inputs" : "beside the predictions or in the current folder";
            notes.Add(source.Length == 0
                ? "The predictions do not name their video; give it by --input, and no other."
                : $"'{PrintableText.Of(source)}' was not found ({where}); give it by --input.");
            return;
        }
        Try(source, () =>
        {
            if (ImageFolder.IsImage(path))
                take(0, ImageDecoder.Decode(path));
            else
                ReadVideo(path, [.. frames.Distinct().Order()], take, cancellation);
        });
    }

    // The longest name of an input that a source ends with behind a slash; null where there is none.
    private string? GivenEndOf(string source)
    {
        for (int slash = source.IndexOf('/'); slash >= 0; slash = source.IndexOf('/', slash + 1))
        {
            if (given.ContainsKey(source[(slash + 1)..]))
                return source[(slash + 1)..];
        }
        return null;
    }

    private void ReadVideo(string path, long[] frames, Action<long, RgbImage> take, CancellationToken cancellation)
    {
        long there = videos.IndexOf(path, cancellation).Frames;
        foreach (VideoFrame frame in videos.Read(path, [.. frames.Where(frame => frame < there)]))
        {
            cancellation.ThrowIfCancellationRequested();
            take(frame.Number, frame.Image);
        }
    }

    // A source that cannot be read has no pictures; what is known of it is listed all the same.
    private void Try(string source, Action read)
    {
        try
        {
            read();
        }
        // An ffmpeg that was ended from outside says nothing about the source.
        catch (Exception error) when (error is InvalidDataException or UnauthorizedAccessException
            or IOException and not FfmpegEndedException)
        {
            notes.Add($"'{PrintableText.Of(source)}' has no pictures: {error.Message}");
        }
    }
}
