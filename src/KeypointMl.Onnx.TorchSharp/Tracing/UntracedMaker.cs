namespace KeypointMl.Onnx.TorchSharp;

/// <summary>What made a tensor that no traced module made, for the middle of an error message.</summary>
/// <param name="Block">The block whose forward method was running; null if none was.</param>
/// <param name="Guess">The operation; null if it is not known.</param>
internal sealed record UntracedMaker(string? Block, string? Guess);
