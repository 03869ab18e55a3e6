namespace KeypointMl;

/// <summary>The kinds of column that detection adds.</summary>
internal enum DetectedColumn
{
    Keypoints,
    Confidence,
    Error,
}
