namespace KeypointMl.Inference;

/// <summary>The two kinds of graph that are exported and run: the value of <c>keypointml.kind</c>.</summary>
public enum ModelKind
{
    /// <summary>η∘Φ: an image gives keypoints and their confidence (<c>detector</c>).</summary>
    Detector,

    /// <summary>Ψ∘β: keypoints and an appearance image give an image (<c>generator</c>).</summary>
    Generator,
}
