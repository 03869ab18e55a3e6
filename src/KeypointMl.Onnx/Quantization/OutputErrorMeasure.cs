namespace KeypointMl.Onnx;

/// <summary>Measures how far an output of the quantised model is from that of the original.</summary>
/// <param name="original">The output's elements over all calibration batches, one batch after the other, each in row-major order.</param>
/// <param name="quantized">The same of the quantised model.</param>
/// <returns>The error, in the caller's unit; 0 where they are alike.</returns>
public delegate double OutputErrorMeasure(ReadOnlySpan<float> original, ReadOnlySpan<float> quantized);
