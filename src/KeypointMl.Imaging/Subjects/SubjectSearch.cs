using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Finds the subjects of videos and writes them down: boxes, what happened to tracks, a video with the boxes drawn in, and a
/// sheet of doubtful frames.
/// </summary>
public sealed record SubjectSearch
{
    private const double UsualFramesPerSecond = 25;

    /// <summary>
    /// The boxes file: <c>frame,track,x,y,width,height,score</c>, in front of them <c>source</c> where there are several videos.
    /// </summary>
    public required string Boxes { get; init; }

    /// <summary>A CSV file of what happened to tracks: <c>frame,event,track,other</c>, likewise; null for none.</summary>
    public string? Events { get; init; }

    /// <summary>An .mp4 of the video, which must be the only one, with the boxes drawn in; null for none.</summary>
    public string? Overlay { get; init; }

    /// <summary>A .png or .jpg of the frames that are most likely wrong; null for none.</summary>
    public string? Sheet { get; init; }

    /// <summary>What is known about the subjects.</summary>
    public SubjectFinderOptions Options { get; init; } = new();

    private IEnumerable<string> Outputs => new[] { Boxes, Events, Overlay, Sheet }.OfType<string>();

    /// <summary>
    /// Looks through videos one after the other. One that cannot be used has no rows, nor has one whose ffmpeg was ended from outside
    /// twice; the others are written.
    /// </summary>
    /// <param name="videos">Paths and the names that stand in <c>source</c>; no name twice.</param>
    /// <param name="report">Takes what was found in each video when it is through.</param>
    /// <param name="cancellation">Asks to stop; nothing is written then.</param>
    /// <returns>How many videos failed. Where all did, nothing is written.</returns>
    /// <exception cref="ArgumentException">
    /// There is no video, a name stands twice, an overlay is asked for of several videos, or an output's name cannot be
    /// written: it is a folder, lies in a missing one, or ends in another way than its kind.
    /// </exception>
    /// <exception cref="InvalidDataException">An output would replace a video or another output.</exception>
    /// <exception cref="IOException">An output cannot be written, or ffmpeg is not installed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public int Run(
        IReadOnlyList<(string Path, string Name)> videos,
        Action<SubjectSearchResult> report,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentNullException.ThrowIfNull(report);
        Check(videos);
        foreach (string output in Outputs)
            AtomicFile.RemoveLeftoversOf(output);
        bool several = videos.Count > 1;
        using var boxes = new SubjectTable(Boxes, "frame,track,x,y,width,height,score", several);
        using SubjectTable? events = Events is null ? null : new SubjectTable(Events, "frame,event,track,other", several);
        DoubtfulFrames? doubtful = Sheet is null ? null : new DoubtfulFrames();
        int failed = 0;
        foreach ((string path, string name) in videos)
        {
            SubjectSearchResult result;
            try
            {
                try
                {
                    result = Search(path, name, several, boxes, events, doubtful, cancellation);
                }
                catch (FfmpegEndedException) when (!cancellation.IsCancellationRequested)
                {
                    Forget(name);
                    result = Search(path, name, several, boxes, events, doubtful, cancellation);
                }
                result.NothingIsDoubtful = doubtful?.Has(name) == false;
                boxes.Keep();
                events?.Keep();
            }
            catch (Exception error) when (error is InvalidDataException or FileNotFoundException
                || (error is FfmpegEndedException && !cancellation.IsCancellationRequested))
            {
                Forget(name);
                failed++;
                result = SubjectSearchResult.Failed(path, name, error);
            }
            report(result);
        }
        if (failed == videos.Count)
            return failed;
        boxes.Complete();
        events?.Complete();
        if (Sheet is not null)
            ImageWriter.Write(doubtful!.Sheet(), Sheet);
        return failed;

        void Forget(string name)
        {
            boxes.Undo();
            events?.Undo();
            doubtful?.Forget(name);
        }
    }

    private void Check(IReadOnlyList<(string Path, string Name)> videos)
    {
        if (videos.Count == 0)
            throw new ArgumentException("No video was given.", nameof(videos));
        if (videos.GroupBy(video => video.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"Two videos are named '{PrintableText.Of(twice.Key)}', and their boxes could not be told apart. "
                + "Rename one, or give a glob over their folders.",
                nameof(videos));
        }
        if (Overlay is not null && videos.Count > 1)
        {
            throw new ArgumentException(
                $"An overlay shows one video; {videos.Count} were given. Leave it out, or call once for each video.", nameof(videos));
        }
        foreach ((string what, string? output, string[] extensions) in (ReadOnlySpan<(string, string?, string[])>)
            [("The boxes file", Boxes, []), ("The events file", Events, []), ("The overlay", Overlay, OutputPath.Videos),
                ("The sheet", Sheet, OutputPath.Pictures)])
        {
            if (output is not null && OutputPath.Problem(output, extensions) is { } problem)
                throw new ArgumentException($"{what} {problem}");
        }
        var guard = new OutputGuard(Outputs);
        foreach ((string path, _) in videos)
            guard.Require(path);
    }

    private SubjectSearchResult Search(
        string path,
        string name,
        bool several,
        SubjectTable boxes,
        SubjectTable? events,
        DoubtfulFrames? doubtful,
        CancellationToken cancellation)
    {
        VideoWriter? overlay = null;
        try
        {
            bool withImages = Overlay is not null || doubtful is not null;
            SubjectSearchResult result = VideoSubjects.Walk(path, name, Options, withImages, lastFrame: null, Begin, cancellation);
            overlay?.Complete();
            return result;
        }
        finally
        {
            overlay?.Dispose();
        }

        Action<FoundFrame> Begin(VideoInfo video)
        {
            double rate = video.FramesPerSecond > 0 ? video.FramesPerSecond : UsualFramesPerSecond;
            overlay = Overlay is null ? null : new VideoWriter(Overlay, video.Width, video.Height, rate, Options.Threads);
            return frame =>
            {
                boxes.WriteBoxes(name, frame);
                events?.WriteEvents(name, frame);
                overlay?.Write(SubjectPainter.Paint(frame.Image!, frame));
                doubtful?.Consider(name, several, frame);
            };
        }
    }
}
