using System.Diagnostics;
using System.Globalization;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Finds the moving subjects of a video's file (see <see cref="SubjectFinder"/>), as boxes that everything takes that takes a
/// tracker's.
/// </summary>
public static class VideoSubjects
{
    /// <summary>Looks through a video: once for samples of it, and once frame by frame.</summary>
    /// <param name="path">The video.</param>
    /// <param name="options">What is known about the subjects; null for nothing.</param>
    /// <param name="lastFrame">The last frame that boxes are wanted of, 0-based; null for all.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>
    /// The boxes in order of time and track, rounded to tenths of a pixel as <see cref="SubjectSearch"/> writes them; a track is
    /// its number.
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such video.</exception>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="InvalidDataException">
    /// The video cannot be read to its end, has too few frames, its camera moves, nothing does, or the subject fills the frame. The
    /// message names the video, and says what to do.
    /// </exception>
    /// <exception cref="FfmpegEndedException">ffmpeg was ended from outside, which says nothing about the video.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public static IReadOnlyList<TrackedBox> Find(
        string path, SubjectFinderOptions? options = null, long? lastFrame = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SubjectSearchResult result = Search(path, path, options ?? new(), lastFrame, out List<TrackedBox> boxes, cancellation);
        return result.Error is { } error ? throw new InvalidDataException(error) : boxes;
    }

    /// <summary>The same, where a video that cannot be used is no error.</summary>
    /// <param name="path">The video.</param>
    /// <param name="name">Its name, which the boxes bear as <see cref="TrackedBox.Source"/>.</param>
    /// <param name="options">What is known about the subjects.</param>
    /// <param name="lastFrame">The last frame that boxes are wanted of; null for all.</param>
    /// <param name="boxes">The boxes; empty where it failed.</param>
    /// <param name="cancellation">Asks to stop.</param>
    internal static SubjectSearchResult Search(
        string path,
        string name,
        SubjectFinderOptions options,
        long? lastFrame,
        out List<TrackedBox> boxes,
        CancellationToken cancellation)
    {
        List<TrackedBox> found = boxes = [];
        try
        {
            return Walk(path, name, options, withImages: false, lastFrame, _ => Take, cancellation);
        }
        catch (InvalidDataException error)
        {
            boxes.Clear();
            return SubjectSearchResult.Failed(path, name, error);
        }

        void Take(FoundFrame frame)
        {
            foreach (FoundSubject subject in frame.Subjects)
                found.Add(BoxOf(subject, frame.Number, name));
        }
    }

    /// <summary>Learns from samples of a video, and finds its subjects frame by frame.</summary>
    /// <param name="path">The video.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="options">What is known about the subjects.</param>
    /// <param name="withImages">Whether the frames found are to hold their images.</param>
    /// <param name="lastFrame">The last frame that is wanted, 0-based; null for all.</param>
    /// <param name="begin">Is told of the video when it is learnt, and gives what takes its frames.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="InvalidDataException">The video cannot be used; the message says why.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    internal static SubjectSearchResult Walk(
        string path,
        string name,
        SubjectFinderOptions options,
        bool withImages,
        long? lastFrame,
        Func<VideoInfo, Action<FoundFrame>> begin,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        var decoding = new VideoDecoding { Threads = options.Threads };
        SubjectFinder finder = SubjectFinder.Learn(VideoSamples.Read(path, decoding, cancellation), options);
        cancellation.ThrowIfCancellationRequested();
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path, decoding: decoding);
        Action<FoundFrame> take = begin(reader.Info);
        var result = new SubjectSearchResult(name) { Size = finder.Size, Contrast = finder.Contrast };
        foreach (FoundFrame frame in finder.Find(reader.ReadFrames(), withImages).TakeWhile(frame => !(frame.Number > lastFrame)))
        {
            cancellation.ThrowIfCancellationRequested();
            take(frame);
            result.Count(frame);
        }
        // Of a video that is not looked through, the rest may have some.
        if (result.Tracks == 0 && lastFrame is null)
        {
            throw new InvalidDataException(
                $"something moves in it, but nothing could be followed through 3 of its {result.Frames} frames. "
                + "Is the subject seen only briefly, or very fast? Film more frames a second, or give boxes from another program.");
        }
        result.Elapsed = Stopwatch.GetElapsedTime(start);
        return result;
    }

    private static TrackedBox BoxOf(FoundSubject subject, long frame, string name)
    {
        (float x, float y, float width, float height) = subject.Box;
        string track = subject.Track.ToString(CultureInfo.InvariantCulture);
        string where = string.Create(CultureInfo.InvariantCulture, $"track {track} found in frame {frame} of {name}");
        return new TrackedBox(frame, track, new Box(Tenths(x), Tenths(y), Tenths(width), Tenths(height)), where, name);
    }

    // The number that is read back from what SubjectTable writes.
    private static float Tenths(float value) =>
        float.Parse(value.ToString("F1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
