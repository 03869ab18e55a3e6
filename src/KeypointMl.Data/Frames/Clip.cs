namespace KeypointMl.Data;

/// <summary>A run of frames of one subject in one video, contiguous in its <see cref="IFrameSet"/> and ordered in time: x and x′ are drawn from the same clip.</summary>
/// <param name="Name">A name for messages and reports.</param>
/// <param name="Start">Index of its first frame in the set.</param>
/// <param name="Length">Number of frames, at least one. A clip of one frame has no second frame: its pairs come from thin-plate splines.</param>
/// <param name="Group">What per-group metrics are grouped by (an activity, a video); empty for none.</param>
public sealed record Clip(string Name, int Start, int Length, string Group = "");
