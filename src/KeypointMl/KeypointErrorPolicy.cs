namespace KeypointMl;

/// <summary>What a transform does with a row whose image, box or keypoints cannot be used.</summary>
public enum KeypointErrorPolicy
{
    /// <summary>The rows before it are given; at the row itself an <see cref="InvalidDataException"/> names the row, the column and the reason.</summary>
    Throw,

    /// <summary>
    /// The row stays. <c>DetectKeypoints</c> gives it NaN as keypoints and 0 as confidence, and the reason in the column
    /// <see cref="KeypointDetectionOptions.ErrorColumnName"/> where there is one; transforms that make images give it none (null).
    /// </summary>
    MarkRow,
}
