using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>Something about a row that speaks for its being wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="Row">The row.</param>
/// <param name="Severity">How much it speaks for that: in (0,1).</param>
/// <param name="Words">A phrase for people.</param>
/// <param name="Keypoints">Which keypoints it is about, the worst first; empty for the whole.</param>
internal sealed record Fault(FaultKind Kind, PredictionRow Row, double Severity, string Words, IReadOnlyList<int> Keypoints);

/// <summary>What may speak for a row's being wrong.</summary>
internal enum FaultKind
{
    /// <summary>The detector is less sure of keypoints than it usually is.</summary>
    Confidence,

    /// <summary>A keypoint is far from between where it is before and after.</summary>
    Jump,

    /// <summary>The distance between two joined keypoints is far from its usual one.</summary>
    Bone,

    /// <summary>Left and right look exchanged.</summary>
    Flip,

    /// <summary>The track begins, ends, is lost, or meets another.</summary>
    Track,
}

/// <summary>How kinds of faults are called.</summary>
internal static class FaultNames
{
    /// <summary>For people.</summary>
    public static string Of(FaultKind kind) => kind switch
    {
        FaultKind.Confidence => "low confidence",
        FaultKind.Jump => "jump",
        FaultKind.Bone => "odd bone",
        FaultKind.Flip => "left/right flip",
        _ => "track event",
    };

    /// <summary>A word for files and pages.</summary>
    public static string Key(FaultKind kind) => kind.ToString().ToLowerInvariant();
}
