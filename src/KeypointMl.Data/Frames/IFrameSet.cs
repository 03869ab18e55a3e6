using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Frames;

/// <summary>
/// Frames, cropped and resized to one size, that can be read in any order: what training, evaluation and previews see
/// of a video, a folder or a synthetic data set. No labels.
/// </summary>
/// <remarks>Thread-safe: <see cref="Read"/> may be called from several threads at once.</remarks>
public interface IFrameSet : IDisposable
{
    /// <summary>Width of every frame in pixels.</summary>
    int Width { get; }

    /// <summary>Height of every frame in pixels.</summary>
    int Height { get; }

    /// <summary>The number of frames.</summary>
    int Count { get; }

    /// <summary>The clips; together they cover 0…Count−1 in order.</summary>
    IReadOnlyList<Clip> Clips { get; }

    /// <summary>Where frame <paramref name="index"/> came from.</summary>
    FrameId GetId(int index);

    /// <summary>Reads one frame.</summary>
    /// <param name="index">0…Count−1.</param>
    /// <param name="destination">[Height,Width,3] bytes, RGB, row-major.</param>
    /// <exception cref="InvalidDataException">The frame cannot be decoded; the message names the source.</exception>
    void Read(int index, Span<byte> destination);
}

/// <summary>Frames that are cheap to read one after the other only, such as crops of a video.</summary>
internal interface ISequentialFrameSet : IFrameSet
{
    /// <summary>The indices of all frames in the order in which <see cref="Stream"/> reads them.</summary>
    IReadOnlyList<int> StreamOrder { get; }

    /// <summary>Reads every frame once, in <see cref="StreamOrder"/>; nothing is kept. Several streams may be read at once.</summary>
    /// <param name="destination">[Height,Width,3] bytes that receive each frame in turn.</param>
    /// <param name="only">The frames to read; null for all.</param>
    /// <returns>The index of the frame that <paramref name="destination"/> holds.</returns>
    /// <exception cref="InvalidDataException">While enumerating: a frame cannot be decoded; the message names the source.</exception>
    IEnumerable<int> Stream(Memory<byte> destination, IReadOnlySet<int>? only = null);
}

/// <summary>Frames that come from files.</summary>
internal interface ISourceFiles
{
    /// <summary>The paths of the files, masks included; a path may be there more than once.</summary>
    IEnumerable<string> SourceFiles { get; }
}

/// <summary>Where a frame of a <see cref="IFrameSet"/> came from.</summary>
/// <param name="Source">The video file, image file or synthetic clip, relative to the data root where there is one.</param>
/// <param name="Frame">0-based frame number in the source; 0 for a still image.</param>
/// <param name="Item">Which subject of the frame (a track), where a frame has several; else empty.</param>
/// <param name="Box">The box of the source that was cropped and resized, in the source's pixels.</param>
public readonly record struct FrameId(string Source, long Frame, string Item, Box Box);

/// <summary>
/// A run of frames of one subject in one video, contiguous in its <see cref="IFrameSet"/> and ordered in time: x and x′
/// are drawn from the same clip.
/// </summary>
/// <param name="Name">A name for messages and reports.</param>
/// <param name="Start">Index of its first frame in the set.</param>
/// <param name="Length">
/// Number of frames, at least one. A clip of one frame has no second frame: its pairs come from thin-plate splines.
/// </param>
/// <param name="Group">What per-group metrics are grouped by (an activity, a video); empty for none.</param>
public sealed record Clip(string Name, int Start, int Length, string Group = "");
