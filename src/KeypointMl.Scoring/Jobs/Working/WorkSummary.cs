namespace KeypointMl.Scoring;

/// <summary>What a worker did.</summary>
/// <param name="Shards">Shards that it finished.</param>
/// <param name="Skipped">Shards of its share that were finished before, or by another worker meanwhile.</param>
/// <param name="Frames">What it scored itself.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record WorkSummary(int Shards, int Skipped, long Frames, long Ok, long Failed, TimeSpan Elapsed);
