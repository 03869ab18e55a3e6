using System.Runtime.InteropServices;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Passes;

/// <summary>Stored tensors in 16-bit floats.</summary>
internal static class Float16Tensors
{
    // From here on a number is rounded to infinity: half a step beyond the largest, 65504.
    private const float Overflow = 65520;

    // 2^-14: below it, 16-bit floats lose digits.
    private const float SmallestNormal = 6.103515625e-5f;

    /// <summary>
    /// Whether a tensor's numbers keep their meaning in 16 bits: no number becomes infinite, and not all that differ from 0 are so
    /// small (such as a lone 1e-12 that guards a division) that they lose digits or vanish.
    /// </summary>
    public static bool Fits(ReadOnlySpan<float> numbers)
    {
        float largest = 0;
        foreach (float value in numbers)
        {
            if (MathF.Abs(value) > largest)
                largest = MathF.Abs(value);
        }
        return !Overflows(numbers) && largest is 0 or >= SmallestNormal;
    }

    /// <summary>Whether a number becomes infinite in 16 bits.</summary>
    public static bool Overflows(ReadOnlySpan<float> numbers)
    {
        foreach (float value in numbers)
        {
            if (MathF.Abs(value) >= Overflow && float.IsFinite(value))
                return true;
        }
        return false;
    }

    /// <summary>A tensor of 32-bit floats rounded to 16 bits, under another name.</summary>
    public static TensorProto Convert(TensorProto tensor, string name)
    {
        ReadOnlySpan<float> source = TensorData.Floats(tensor);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(source.Length * 2);
        Span<Half> result = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan());
        for (int index = 0; index < source.Length; index++)
            result[index] = (Half)source[index];
        return TensorData.Wrap(name, OnnxElementType.Float16, bytes, tensor.Dims);
    }
}
