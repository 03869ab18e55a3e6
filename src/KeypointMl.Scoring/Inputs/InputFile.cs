using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Scoring.Inputs;

/// <summary>An image, or a video and which of its frames are to be scored.</summary>
/// <param name="Path">The file to open.</param>
/// <param name="Name">
/// Its name in the results: relative to the folder, the glob's fixed part or the list's folder, with forward slashes.
/// </param>
public sealed record InputFile(string Path, string Name)
{
    /// <summary>Of a video: the first frame, 0-based.</summary>
    public long First { get; init; }

    /// <summary>Of a video: every n-th frame from <see cref="First"/> on; at least 1.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Of a video: how many frames are expected to be scored, each of which gets a row; null: those that are there.</summary>
    public long? Count { get; init; }

    /// <summary>Of a video: whether frames beyond the expected ones are scored too, if there are any.</summary>
    public bool ToEnd { get; init; } = true;

    /// <summary>Of a video: where decoding may begin for <see cref="First"/>; null for its beginning.</summary>
    internal VideoStart? Start { get; init; }

    /// <summary>Which of the pipeline's sources it is from.</summary>
    internal int Source { get; init; }

    /// <summary>Whether it is read as a still image, by its extension; any other file is given to ffmpeg.</summary>
    public bool IsImage => ImageFolder.IsImage(Path);

    /// <summary>
    /// Of a video: the number behind the last expected frame, in steps; <see cref="long.MaxValue"/> where it goes to
    /// the end.
    /// </summary>
    internal long End => !ToEnd && Count is long count ? First + count * Step : long.MaxValue;
}
