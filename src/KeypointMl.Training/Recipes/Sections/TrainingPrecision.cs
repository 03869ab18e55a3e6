namespace KeypointMl.Training;

/// <summary>What the convolutions of the networks being trained compute with. Weights, averages, losses, β and what leaves a network are 32-bit floats either way.</summary>
public enum TrainingPrecision
{
    /// <summary>32-bit floats (on a GPU, cuDNN rounds their products' factors to TF32, as PyTorch's default is).</summary>
    Fp32,

    /// <summary>bfloat16: the range of 32-bit floats with 8 bits of precision, at several times the speed on tensor cores.</summary>
    Bf16,
}
