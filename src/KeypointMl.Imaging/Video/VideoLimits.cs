namespace KeypointMl.Imaging.Video;

/// <summary>Limits for reading videos that may come from anywhere.</summary>
public sealed record VideoLimits
{
    /// <summary>The defaults.</summary>
    public static VideoLimits Default { get; } = new();

    /// <summary>
    /// The most pixels that a frame may have, 100 million by default as for images. It holds for every size that a
    /// video changes to, and is checked before a frame is decoded.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long MaxPixels { get; init => field = Guard.AtLeast(value, 1); } = 100_000_000;

    /// <summary>How long ffprobe may be silent before it is ended; 30 seconds by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan ProbeTime
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(ProbeTime));
            field = value;
        }
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long ffmpeg may take for one frame before it is ended; a minute by default. A video as a whole may take as
    /// long as it takes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan FrameTime
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(FrameTime));
            field = value;
        }
    } = TimeSpan.FromMinutes(1);
}
