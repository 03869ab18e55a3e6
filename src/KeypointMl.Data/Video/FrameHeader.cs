namespace KeypointMl.Data;

/// <summary>A frame whose pixels are about to come.</summary>
/// <param name="Number">0-based number of the frame in the video.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
internal readonly record struct FrameHeader(long Number, int Width, int Height);
