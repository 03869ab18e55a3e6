namespace KeypointMl.Data;

/// <summary>Where decoding begins in order to get a frame without decoding the whole video before it; see <see cref="VideoIndex.StartOf"/>.</summary>
/// <param name="Seek">The time of a key frame at or before the frame, in the file's own seconds.</param>
/// <param name="From">Between the times of the frame before and of the frame itself: what is later is the frame and those behind it.</param>
public readonly record struct VideoStart(double Seek, double From);
