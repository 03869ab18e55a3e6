namespace KeypointMl.Inference;

/// <summary>How an <see cref="ImageGenerator"/> runs. <c>default</c> is a good choice: any device, ONNX Runtime's own number of threads.</summary>
public readonly record struct ImageGeneratorOptions
{
    /// <summary>The device asked for; <see cref="ImageGenerator.Device"/> says which is used.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>The threads of one run; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int IntraOpThreads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(IntraOpThreads));
            field = value;
        }
    }
}
