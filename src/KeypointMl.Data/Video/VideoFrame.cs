namespace KeypointMl.Data;

/// <summary>A frame of a video.</summary>
/// <param name="Number">0-based number of the frame in the video, in the order of showing.</param>
/// <param name="Image">Its pixels; the reader uses the buffer again for the next frame.</param>
public readonly record struct VideoFrame(long Number, RgbImage Image);
