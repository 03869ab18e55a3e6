using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>Where a frame of a <see cref="IFrameSet"/> came from.</summary>
/// <param name="Source">The video file, image file or synthetic clip, relative to the data root where there is one.</param>
/// <param name="Frame">0-based frame number in the source; 0 for a still image.</param>
/// <param name="Item">Which subject of the frame (a track), where a frame has several; else empty.</param>
/// <param name="Box">The box of the source that was cropped and resized, in the source's pixels.</param>
public readonly record struct FrameId(string Source, long Frame, string Item, Box Box);
