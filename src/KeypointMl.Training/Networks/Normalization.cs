namespace KeypointMl.Training;

/// <summary>Which normalisation follows a convolution, as the authors' release chooses it per network.</summary>
public enum Normalization
{
    /// <summary>None: the convolution has a bias.</summary>
    None,

    /// <summary>Batch normalisation with running statistics; the convolution has no bias (Φ and Ψ).</summary>
    Batch,

    /// <summary>Instance normalisation without affine parameters; the convolution has a bias (η and D).</summary>
    Instance,
}
