namespace KeypointMl.Onnx;

/// <summary>How the range of an activation is chosen from the values seen in calibration. A narrow range has fine steps and cuts outliers off; a wide one is coarse and cuts nothing off.</summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value seen: nothing is cut off.</summary>
    MinMax,

    /// <summary>
    /// The range that holds <see cref="OnnxQuantizationOptions.Percentile"/> of the values, with as many cut off below as above; read off a histogram.
    /// </summary>
    Percentile,

    /// <summary>
    /// The range whose 256 steps keep the most of the histogram's information: least Kullback–Leibler divergence between the cut-off histogram and the same in 256 steps
    /// (S. Migacz, '8-bit inference with TensorRT', GTC 2017; ONNX Runtime's 'Entropy' calibrator does the same with 128 steps).
    /// </summary>
    Entropy,
}
