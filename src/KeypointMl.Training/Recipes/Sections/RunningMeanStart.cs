namespace KeypointMl.Training;

/// <summary>What the running means of the perceptual loss start from.</summary>
public enum RunningMeanStart
{
    /// <summary><c>first</c>: each the first value that it sees, as in the authors' release.</summary>
    First,

    /// <summary><c>imm</c>: 100, 1.6, 2.3, 1.8, 2.8, 100, as in imm (Jakab and Gupta 2018).</summary>
    Imm,
}
