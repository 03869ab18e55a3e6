namespace KeypointMl.Scoring;

/// <summary>What verifying a job found.</summary>
/// <param name="Frames">Frames of the finished shards: what the inputs had.</param>
/// <param name="FramesWithoutBox">How many of them have no row, because the boxes file has no box for them.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Unfinished">Shards that are still to be done.</param>
/// <param name="Problems">What is wrong with finished shards, for people; at most <see cref="MaximumProblems"/>.</param>
public sealed record JobState(long Frames, long FramesWithoutBox, long Ok, long Failed, IReadOnlyList<int> Unfinished, IReadOnlyList<string> Problems)
{
    /// <summary>How many problems are collected before the search ends.</summary>
    public const int MaximumProblems = 20;

    /// <summary>Whether every frame of every input is accounted for, once.</summary>
    public bool IsComplete => Unfinished.Count == 0 && Problems.Count == 0;
}
