namespace KeypointMl.Training;

/// <summary>A figure of the paper.</summary>
public enum FigureKind
{
    /// <summary>Figure 3: x′, x, x̂ = Ψ(y*, x′), y = Φ(x), y* = β(η(y)).</summary>
    DataFlow,

    /// <summary>Figure 4: x, Φ(x), the reconstruction without the condition, log Φ(x).</summary>
    Leak,

    /// <summary>Figures 5 and 8: test frames with predictions.</summary>
    Predictions,

    /// <summary>Figure 7: the prior, unlabelled training frames, test frames with predictions.</summary>
    Unpaired,

    /// <summary>Figure 9: appearance of one, pose of another.</summary>
    Transfer,

    /// <summary>Figure 10: an image with its keypoints moved.</summary>
    Edits,
}
