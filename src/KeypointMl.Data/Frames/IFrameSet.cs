namespace KeypointMl.Data;

/// <summary>
/// Frames, cropped and resized to one size, that can be read in any order: what training, evaluation and previews see of a video, a folder or a synthetic
/// data set. No labels.
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
