namespace KeypointMl.Scoring;

/// <summary>That a shard is finished: a line of a manifest.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Key">Its key (see <see cref="Scoring.Shard"/>).</param>
/// <param name="Sha256">Of its file.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Frames">How many frames there were.</param>
/// <param name="FramesWithoutBox">How many of them have no row, because the boxes file has no box for them.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Seconds">How long it took, from the first frame asked for to the record.</param>
/// <param name="SessionSeconds">How long the detector's session took for all batches together; several may have run at the same time.</param>
/// <param name="Worker">Who did it.</param>
/// <param name="Finished">When.</param>
public sealed record ShardRecord(int Shard, string Key, string Sha256, long Bytes, long Frames, long FramesWithoutBox, long Ok, long Failed, double Seconds, double SessionSeconds, string Worker, DateTimeOffset Finished);
