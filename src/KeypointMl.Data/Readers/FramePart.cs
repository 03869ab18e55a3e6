using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>A part of a video's frame that is to be cut out.</summary>
/// <param name="Frame">0-based number of the frame.</param>
/// <param name="Box">The part, in the frame's own pixels; null for the whole, however large the frame is.</param>
/// <param name="Where">What to call it in messages.</param>
internal readonly record struct FramePart(long Frame, Box? Box, string Where)
{
    /// <summary>The box of a tracker.</summary>
    public static FramePart Of(TrackedBox tracked) => new(tracked.Frame, tracked.Box, tracked.Where);

    /// <summary>The part in pixels of its frame.</summary>
    public Box In(RgbImage frame) => Box ?? Poses.Box.WholeImage(frame.Width, frame.Height);
}
