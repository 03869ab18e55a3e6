using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Checkpoints.Safetensors;

/// <summary>
/// Between TorchSharp's tensors and those of a safetensors file: float32, int64 and uint8, which is all that a
/// checkpoint holds.
/// </summary>
internal static class SafetensorsBridge
{
    /// <summary>Copies a tensor's elements out.</summary>
    /// <param name="tensor">On any device, contiguous or not.</param>
    /// <param name="name">Its name in the file.</param>
    /// <exception cref="NotSupportedException">Its type is none of the three.</exception>
    public static SafetensorsTensor ToSafetensors(this Tensor tensor, string name)
    {
        SafetensorsType type = tensor.dtype switch
        {
            ScalarType.Float32 => SafetensorsType.F32,
            ScalarType.Int64 => SafetensorsType.I64,
            ScalarType.Byte => SafetensorsType.U8,
            _ => throw new NotSupportedException($"Tensor '{name}' has type {tensor.dtype}; a checkpoint holds float32, int64 and uint8."),
        };
        using Tensor detached = tensor.detach();
        using Tensor local = detached.cpu();
        using Tensor dense = local.contiguous();
        return new SafetensorsTensor(name, type, [.. tensor.shape], dense.numel() == 0 ? Array.Empty<byte>() : dense.bytes.ToArray());
    }

    /// <summary>Makes a tensor on the CPU with a copy of the elements.</summary>
    /// <exception cref="InvalidDataException">Its type is none of the three.</exception>
    public static Tensor ToTensor(this SafetensorsTensor source)
    {
        Tensor tensor = empty(source.Shape.AsSpan(), TypeOf(source), device: DeviceTensors.Cpu);
        if (source.Data.Length > 0)
            source.Data.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>Copies the elements into an existing tensor, such as a module's parameter, without recording a gradient.</summary>
    /// <exception cref="InvalidDataException">Type or shape differ; the message names both.</exception>
    public static void CopyTo(this SafetensorsTensor source, Tensor destination)
    {
        if (TypeOf(source) != destination.dtype || !source.Shape.AsSpan().SequenceEqual(destination.shape))
        {
            throw new InvalidDataException($"Tensor '{source.Name}' is {source.Type} [{string.Join(", ", source.Shape)}] in the file; "
                + $"expected {destination.dtype} [{string.Join(", ", destination.shape)}]. The file is of another network or recipe.");
        }
        using var _ = no_grad();
        using Tensor tensor = source.ToTensor();
        destination.copy_(tensor);
    }

    private static ScalarType TypeOf(SafetensorsTensor source) => source.Type switch
    {
        SafetensorsType.F32 => ScalarType.Float32,
        SafetensorsType.I64 => ScalarType.Int64,
        SafetensorsType.U8 => ScalarType.Byte,
        _ => throw new InvalidDataException($"Tensor '{source.Name}' has type {source.Type}; a checkpoint holds F32, I64 and U8."),
    };
}
