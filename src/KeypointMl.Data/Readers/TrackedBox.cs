using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>A row of a boxes file: where one subject is in one frame.</summary>
/// <param name="Frame">0-based frame number; 0 for a still image.</param>
/// <param name="Track">Which subject.</param>
/// <param name="Box">Where, in pixels of the frame.</param>
/// <param name="Where">File and line, for messages.</param>
/// <param name="Source">The video or image; null where the file has no column <c>source</c>.</param>
public readonly record struct TrackedBox(long Frame, string Track, Box Box, string Where, string? Source = null);
