namespace KeypointMl.Training;

/// <summary>Two numbers, in YAML <c>[first, second]</c>.</summary>
/// <param name="First">The first number.</param>
/// <param name="Second">The second number.</param>
public readonly record struct NumberPair(double First, double Second);
