namespace KeypointMl.Training;

/// <summary>The comparison of ONNX Runtime with TorchSharp that an export makes.</summary>
internal sealed record Parity(double LargestDifference, int Frames, string CheckedOn, string Unit);
