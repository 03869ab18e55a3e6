namespace KeypointMl.Onnx.TorchSharp;

/// <summary>A dimension of an input whose size is chosen by whoever runs the graph.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Axis">The dimension, from 0.</param>
/// <param name="Name">The size's name; dimensions that share a name share a size.</param>
public sealed record OnnxDynamicAxis(string Input, int Axis, string Name);
