namespace KeypointMl.Onnx;

/// <summary>A quantised model and what was done to it.</summary>
/// <param name="Model">The new model; the original is unchanged.</param>
/// <param name="Report">What was quantised, with which ranges, and why the rest was not.</param>
public sealed record OnnxQuantizationResult(OnnxModel Model, OnnxQuantizationReport Report);
