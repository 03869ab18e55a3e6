namespace KeypointMl.Scoring;

/// <summary>What became of one item of the input.</summary>
public enum PredictionStatus
{
    /// <summary><c>ok</c>: it has keypoints.</summary>
    Ok,

    /// <summary><c>failed</c>: it has none, and <see cref="PredictionRow.Error"/> says why.</summary>
    Failed,
}
