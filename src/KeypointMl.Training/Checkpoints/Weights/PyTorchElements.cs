using System.Runtime.InteropServices;

namespace KeypointMl.Training.Checkpoints.Weights;

/// <summary>The numbers of a <see cref="PyTorchTensor"/>, gathered from its storage by offset and strides.</summary>
internal static class PyTorchElements
{
    /// <summary>float32, row-major.</summary>
    /// <param name="tensor">A tensor that lies within its storage.</param>
    /// <param name="storage">The storage's bytes, little-endian.</param>
    public static float[] Read(PyTorchTensor tensor, ReadOnlySpan<byte> storage) => tensor.Storage.Type switch
    {
        PyTorchType.Float => Gather(tensor, MemoryMarshal.Cast<byte, float>(storage), value => value),
        PyTorchType.Double => Gather(tensor, MemoryMarshal.Cast<byte, double>(storage), value => (float)value),
        PyTorchType.Half => Gather(tensor, MemoryMarshal.Cast<byte, Half>(storage), value => (float)value),
        PyTorchType.BFloat16 =>
            Gather(tensor, MemoryMarshal.Cast<byte, ushort>(storage), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        PyTorchType.Int => Gather(tensor, MemoryMarshal.Cast<byte, int>(storage), value => (float)value),
        _ => Gather(tensor, MemoryMarshal.Cast<byte, long>(storage), value => (float)value),
    };

    private static float[] Gather<T>(PyTorchTensor tensor, ReadOnlySpan<T> elements, Func<T, float> convert)
    {
        long count = tensor.Shape.Aggregate(1L, (product, size) => product * size);
        var values = new float[count];
        var index = new long[tensor.Shape.Length];
        long position = tensor.Offset;
        for (long n = 0; n < count; n++)
        {
            values[n] = convert(elements[checked((int)position)]);
            for (int axis = index.Length - 1; axis >= 0; axis--)
            {
                position += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis])
                    break;
                position -= tensor.Strides[axis] * tensor.Shape[axis];
                index[axis] = 0;
            }
        }
        return values;
    }
}
