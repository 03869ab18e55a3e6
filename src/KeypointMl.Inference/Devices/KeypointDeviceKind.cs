namespace KeypointMl.Inference;

/// <summary>The kinds of device that a session can be asked to run on.</summary>
public enum KeypointDeviceKind
{
    /// <summary>CUDA where this process has it, else the CPU; the only kind that may fall back.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through ONNX Runtime's CUDA provider.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through ONNX Runtime's TensorRT provider, with the CUDA provider for what TensorRT leaves over.</summary>
    TensorRt,
}
