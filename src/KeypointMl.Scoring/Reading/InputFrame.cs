using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>A frame of the input, or why it could not be read.</summary>
/// <param name="Source">The input's name.</param>
/// <param name="Frame">0-based frame number.</param>
/// <param name="Image">The whole frame; valid until the next frame is asked for. Null where it could not be read.</param>
/// <param name="Error">Why it could not be read; null where it could.</param>
internal readonly record struct InputFrame(string Source, long Frame, RgbImage? Image, string? Error);
