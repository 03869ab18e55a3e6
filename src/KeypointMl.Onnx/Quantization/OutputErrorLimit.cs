namespace KeypointMl.Onnx;

/// <summary>The error of one output that quantisation may not exceed.</summary>
/// <param name="Output">The output's name; it must be of 32-bit floats.</param>
/// <param name="Limit">The largest allowed error, in the unit of <see cref="Measure"/>.</param>
public sealed record OutputErrorLimit(string Output, double Limit)
{
    /// <summary>How the error is measured. Default: <see cref="OutputErrors.MeanAbsolute"/>.</summary>
    public OutputErrorMeasure Measure { get; init; } = OutputErrors.MeanAbsolute;
}
