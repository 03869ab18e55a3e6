namespace KeypointMl.Scoring;

/// <summary>A box of a frame as the detector sees it, or why it cannot be cut out.</summary>
/// <param name="Pixels">[H,W,3] bytes, RGB; null where it failed.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
internal readonly record struct FrameCrop(byte[]? Pixels, string? Error);
