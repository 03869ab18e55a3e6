using System.Buffers;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>A tensor's elements as memory that is not copied. Owns the tensor object.</summary>
/// <param name="tensor">Contiguous, on the CPU.</param>
internal sealed class TensorMemory(Tensor tensor) : MemoryManager<byte>
{
    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(GetSpan().Length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => tensor.numel() == 0 ? [] : tensor.bytes;

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) =>
        throw new NotSupportedException("The memory is libtorch's and does not move; read it through its span.");

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            tensor.Dispose();
    }
}
