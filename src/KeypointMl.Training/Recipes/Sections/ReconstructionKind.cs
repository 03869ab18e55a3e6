namespace KeypointMl.Training;

/// <summary>What compares the reconstruction x̂ with x.</summary>
public enum ReconstructionKind
{
    /// <summary><c>pyramid-l2</c>: squared differences on an average-pool pyramid; needs no weights.</summary>
    PyramidL2,

    /// <summary><c>pyramid-l1</c>: absolute differences on an average-pool pyramid; needs no weights.</summary>
    PyramidL1,

    /// <summary><c>perceptual</c>: the paper's Γ, squared differences of a pretrained network's features.</summary>
    Perceptual,
}
