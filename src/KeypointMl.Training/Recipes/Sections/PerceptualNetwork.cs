namespace KeypointMl.Training;

/// <summary>The network whose features are compared.</summary>
public enum PerceptualNetwork
{
    /// <summary><c>vgg19</c>, as in the authors' release.</summary>
    Vgg19,

    /// <summary><c>vgg16</c>, as in imm (Jakab and Gupta 2018).</summary>
    Vgg16,
}
