namespace KeypointMl.Data;

/// <summary>What a video file says about its first video stream.</summary>
/// <param name="Path">The file.</param>
/// <param name="Width">Width in pixels of the frames as they are shown (rotation applied; pixels are taken as square).</param>
/// <param name="Height">Height in pixels of the frames as they are shown.</param>
/// <param name="FrameCount">The number of frames that the container declares, or null where it does not say.</param>
/// <param name="FramesPerSecond">The mean frame rate; 0 where it is not known.</param>
/// <param name="Codec">ffmpeg's name of the codec, such as <c>h264</c>.</param>
public sealed record VideoInfo(string Path, int Width, int Height, long? FrameCount, double FramesPerSecond, string Codec);
