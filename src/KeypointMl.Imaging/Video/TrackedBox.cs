using KeypointMl.Poses.Geometry;

namespace KeypointMl.Imaging.Video;

/// <summary>Where a tracker saw one subject in one frame.</summary>
/// <param name="Frame">0-based frame number; 0 for a still image.</param>
/// <param name="Track">Which subject.</param>
/// <param name="Box">Where, in pixels of the frame.</param>
/// <param name="Where">What to call it in messages, such as file and line.</param>
/// <param name="Source">The video or image; null where there is only one.</param>
public readonly record struct TrackedBox(long Frame, string Track, Box Box, string Where = "", string? Source = null);
