using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Draws the skeletons on the scored frames of each video and writes them as an mp4 of the video's own name, with its
/// sound: every scored frame once, drawn or not. With a step there are fewer frames a second, so that the sound still
/// fits; of a video with a variable frame rate the mean rate is taken, and of one that changes its size the first size,
/// into which the others are fitted unstretched. A video that cannot be read gives none, one that is damaged ends where
/// it does, as its rows say; where they do not, it is an error that it cannot be read any more.
/// </summary>
internal sealed class OverlayVideoSink : IPredictionSink
{
    private const string Extension = ".mp4";

    private readonly string folder;
    private readonly Skeleton skeleton;
    private readonly VideoList videos;
    private readonly VideoDecoding decoding;
    private readonly List<PredictionRow> frame = [];
    private string source = "";
    private OverlayVideo? video;
    private string? fault;
    private bool hasFailed;

    /// <summary>Videos for a folder; it is made where it is not there, and old videos of the same names are replaced.</summary>
    public OverlayVideoSink(string folder, Skeleton skeleton, VideoList videos, VideoDecoding decoding) =>
        (this.folder, this.skeleton, this.videos, this.decoding) = (folder, skeleton, videos, decoding);

    /// <summary>Refuses videos that their own drawing would overwrite, passing the others on.</summary>
    /// <exception cref="InvalidDataException">While enumerating: the drawing of a video may not be written.</exception>
    public static IEnumerable<InputFile> Check(string folder, IEnumerable<ScoreSource> sources, IEnumerable<InputFile> inputs) =>
        OverlayPath.Check(folder, sources, inputs, input => input.IsImage ? null : PathOf(folder, input.Name));

    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        if (frame.Count > 0 && (frame[0].Source, frame[0].Frame) != (row.Source, row.Frame))
            DrawFrame();
        if (row.Source != source)
            Begin(row.Source);
        frame.Add(row);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        DrawFrame();
        Finish();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        video?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Begin(string name)
    {
        Finish();
        (source, fault, hasFailed) = (name, null, false);
        if (videos.Find(name) is { } input)
            video = OverlayVideo.TryOpen(input, PathOf(folder, name), skeleton, decoding, out fault);
    }

    private void DrawFrame()
    {
        PredictionRow[] drawn = [.. frame.Where(row => row.Status == PredictionStatus.Ok)];
        if (frame.Count > 0)
            video?.Draw(frame[0].Frame, drawn);
        // A video that is damaged at its beginning may have been scored from a later key frame on.
        hasFailed |= drawn.Length < frame.Count;
        if (drawn.Length > 0 && (fault ?? (hasFailed ? null : video?.Fault)) is { } reason)
        {
            throw new IOException(
                $"'{PrintableText.Of(source)}' has rows with keypoints, and cannot be read any more to draw them: {reason}");
        }
        frame.Clear();
    }

    private void Finish()
    {
        video?.Complete();
        video?.Dispose();
        video = null;
    }

    private static string PathOf(string folder, string source)
    {
        string name = OverlayPath.Of(folder, source);
        return Path.GetExtension(name).Equals(Extension, StringComparison.OrdinalIgnoreCase) ? name : name + Extension;
    }
}
