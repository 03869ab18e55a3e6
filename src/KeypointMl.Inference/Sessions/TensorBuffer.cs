using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference.Sessions;

/// <summary>
/// A pinned array of up to <c>capacity</c> rows that ONNX Runtime reads or writes in place. The tensors over its first
/// 1, 2, … rows are made once and kept, so that a call allocates nothing.
/// </summary>
internal sealed class TensorBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly T[] values;
    private readonly long[] rowShape;
    private readonly OrtValue?[] tensors;

    public TensorBuffer(int capacity, params long[] rowShape)
    {
        this.rowShape = rowShape;
        RowLength = checked((int)rowShape.Aggregate(1L, (product, d) => product * d));
        values = GC.AllocateUninitializedArray<T>(checked(capacity * RowLength), pinned: true);
        tensors = new OrtValue?[capacity];
    }

    /// <summary>The number of values of one row.</summary>
    public int RowLength { get; }

    public Memory<T> Row(int row) => values.AsMemory(row * RowLength, RowLength);

    public Span<T> Rows(int count) => values.AsSpan(0, count * RowLength);

    /// <summary>The tensor [count, …] over the first rows.</summary>
    public OrtValue Tensor(int count) => tensors[count - 1] ??= OrtValue.CreateTensorValueFromMemory(
        OrtMemoryInfo.DefaultInstance,
        MemoryMarshal.CreateFromPinnedArray(values, 0, count * RowLength),
        [count, .. rowShape]);

    public void Dispose()
    {
        foreach (OrtValue? tensor in tensors)
            tensor?.Dispose();
    }
}
