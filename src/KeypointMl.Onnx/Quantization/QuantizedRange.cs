namespace KeypointMl.Onnx;

/// <summary>How the numbers of an activation are stored: real = (integer − zero point) · scale.</summary>
/// <param name="Min">The smallest real number that can be stored; 0 or below.</param>
/// <param name="Max">The largest real number that can be stored; 0 or above.</param>
/// <param name="Scale">The step between neighbouring numbers.</param>
/// <param name="ZeroPoint">The integer that stands for 0.</param>
public sealed record QuantizedRange(float Min, float Max, float Scale, int ZeroPoint);
