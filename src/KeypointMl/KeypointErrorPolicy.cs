namespace KeypointMl;

/// <summary>What <c>DetectKeypoints</c> does with a row whose image or box cannot be used.</summary>
public enum KeypointErrorPolicy
{
    /// <summary>The rows before it are given; at the row itself an <see cref="InvalidDataException"/> names the row, the column and the reason.</summary>
    Throw,

    /// <summary>
    /// The row stays, with NaN as keypoints and 0 as confidence, and the reason in the column <see cref="KeypointDetectionOptions.ErrorColumnName"/> where there is one.
    /// </summary>
    MarkRow,
}
