using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>Sums products of elements by Einstein's convention: <c>torch.einsum</c> as a module. ONNX: Einsum.</summary>
/// <param name="name">The module's name.</param>
/// <param name="equation">The labels of every input's dimensions and of the result's, as in <c>bij,bjk->bik</c>.</param>
public sealed class Einsum(string name, string equation) : nn.Module<Tensor[], Tensor>(name), IOnnxExportable
{
    /// <summary>The labels of every input's dimensions and of the result's.</summary>
    public string Equation { get; } = equation;

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] tensors) => einsum(Equation, tensors);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Einsum", [.. inputs], ("equation", Equation))];
}

/// <summary>Multiplies matrices, or stacks of them: <c>torch.matmul</c> as a module. ONNX: MatMul.</summary>
/// <param name="name">The module's name.</param>
/// <remarks>Where shapes, types or devices do not fit, it throws an <see cref="ArgumentException"/>; TorchSharp 0.107's
/// own <c>matmul</c> ends the process then.</remarks>
public sealed class MatrixMultiply(string name) : BinaryOperation(name, "MatMul")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => Product(left, right);

    /// <summary>left·right, checked before libtorch sees them.</summary>
    internal static Tensor Product(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.dtype != right.dtype || left.dtype == ScalarType.Bool || !ElementTypes.IsSupported(left.dtype))
        {
            throw new ArgumentException(
                $"Element types {left.dtype} and {right.dtype} cannot be multiplied as matrices; "
                + "both must be the same floating-point or integer type.");
        }
        if (left.device_type != right.device_type || left.device_index != right.device_index)
        {
            throw new ArgumentException(
                $"A matrix on {left.device} and one on {right.device} cannot be multiplied; both must be on one device.");
        }
        if (left.is_sparse || right.is_sparse)
            throw new ArgumentException("Sparse matrices are not multiplied here; convert them with to_dense before.");
        return Fit(left.shape, right.shape)
            ? left.matmul(right)
            : throw new ArgumentException(
                $"Matrices of shapes [{string.Join(',', left.shape)}] and [{string.Join(',', right.shape)}] cannot be multiplied: "
                + "the last size of the first must be the last but one of the second, and the sizes before must be equal or 1.");
    }

    private static bool Fit(ReadOnlySpan<long> left, ReadOnlySpan<long> right)
    {
        if (left.Length == 0 || right.Length == 0)
            return false;
        long inner = right.Length == 1 ? right[0] : right[^2];
        return left[^1] == inner
            && Strided.Common(left[..Math.Max(0, left.Length - 2)], right[..Math.Max(0, right.Length - 2)]) is not null;
    }
}
