namespace KeypointMl.Onnx;

/// <summary>The integer type of quantised activations; weights are always signed.</summary>
public enum QuantizedActivation
{
    /// <summary>0 … 255 ('U8S8'). On x64, ONNX Runtime's direct convolution kernels take only these.</summary>
    UInt8,

    /// <summary>−128 … 127 ('S8S8'). What accelerators such as TensorRT expect; on x64, ONNX Runtime leaves what several nodes read in floats.</summary>
    Int8,
}
