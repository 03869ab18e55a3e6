using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>
/// What the tracer reads: dense tensors of types that ONNX has. It asks before it reads, since libtorch throws on
/// others, and TorchSharp does not catch that everywhere (a sparse tensor that is asked for its memory ends the
/// process).
/// </summary>
internal static class DenseTensor
{
    /// <summary>Checks a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="who">The beginning of the error message: who gave or received it, and how.</param>
    /// <exception cref="OnnxExportException">It is not a dense tensor of a supported type that holds at most 2 GiB of numbers.</exception>
    public static void Require(Tensor tensor, string who)
    {
        if (Problem(tensor) is { } problem)
            throw new OnnxExportException($"{who} {problem}");
    }

    /// <summary>What a tensor is instead, and what to do; null where it is dense, of a supported type and not too large.</summary>
    public static string? Problem(Tensor tensor)
    {
        if (tensor.IsInvalid)
            return "a tensor that was disposed before. Keep tensors that a module still needs.";
        if (tensor.is_sparse)
            return "a sparse tensor; a graph holds dense ones. Convert it with to_dense before the exported module.";
        if (tensor.device_type == DeviceType.META)
            return "a tensor of the device 'meta', which has no numbers. Give the module and its example tensors memory.";
        if (!ElementTypes.IsSupported(tensor.dtype))
            return $"a tensor of element type {tensor.dtype}, which is not exported; use a floating-point, integer or bool type.";
        long bytes = tensor.numel() * tensor.element_size();
        return bytes > int.MaxValue
            ? $"a tensor of {bytes} bytes; the tracer reads {int.MaxValue} at most. Give a smaller one: open sizes need not be large."
            : null;
    }
}
