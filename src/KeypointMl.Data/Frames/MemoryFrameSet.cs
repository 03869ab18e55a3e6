namespace KeypointMl.Data.Frames;

/// <summary>Frames that are held in memory.</summary>
public sealed class MemoryFrameSet : IFrameSet
{
    private readonly byte[][] frames;
    private readonly FrameId[] ids;

    /// <summary>Wraps decoded frames without copying them.</summary>
    /// <param name="width">Width of every frame in pixels.</param>
    /// <param name="height">Height of every frame in pixels.</param>
    /// <param name="frames">[height,width,3] bytes each.</param>
    /// <param name="ids">Where each frame came from.</param>
    /// <param name="clips">The clips; together they cover all frames in order.</param>
    /// <exception cref="ArgumentException">The numbers of frames, ids and frames in clips differ, or a frame has another size.</exception>
    public MemoryFrameSet(int width, int height, byte[][] frames, FrameId[] ids, IReadOnlyList<Clip> clips)
    {
        if (ids.Length != frames.Length || clips.Sum(clip => clip.Length) != frames.Length)
        {
            throw new ArgumentException(
                $"There are {frames.Length} frames, {ids.Length} ids and {clips.Sum(clip => clip.Length)} frames in clips; "
                + "the numbers must be equal.");
        }
        if (Array.FindIndex(frames, frame => frame.Length != width * height * 3) is int wrong and >= 0)
        {
            throw new ArgumentException(
                $"Frame {wrong} has {frames[wrong].Length} bytes; a {width}×{height} frame has {width * height * 3}.", nameof(frames));
        }
        Width = width;
        Height = height;
        Clips = clips;
        this.frames = frames;
        this.ids = ids;
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Count => frames.Length;

    /// <inheritdoc/>
    public IReadOnlyList<Clip> Clips { get; }

    /// <inheritdoc/>
    public FrameId GetId(int index) => ids[index];

    /// <inheritdoc/>
    public void Read(int index, Span<byte> destination) => frames[index].CopyTo(destination);

    /// <summary>Does nothing: the memory is the garbage collector's.</summary>
    public void Dispose()
    {
    }
}
