using KeypointMl.Imaging;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Loading;

/// <summary>Which frames of a video <c>LoadFromVideo</c> gives.</summary>
public sealed record VideoLoadingOptions
{
    /// <summary>The first frame, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long FirstFrame { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>The last frame, itself included; null for the video's last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? LastFrame { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>Every how many frames one is given, from the first; 1 for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int FrameStep { get; init => field = Guard.AtLeast(value, 1); } = 1;

    /// <summary>
    /// The boxes of a tracker, in any order: a row is then a box, and frames without a box are left out. Those of other videos
    /// (<see cref="TrackedBox.Source"/>) are left out as well. Null: a row is a frame. <c>BoxesCsvReader</c> of the package KeypointMl.Data
    /// reads them from a CSV file.
    /// </summary>
    public IReadOnlyList<TrackedBox>? Boxes { get; init; }
}
