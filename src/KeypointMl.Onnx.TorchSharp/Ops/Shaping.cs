using System.Collections.Immutable;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>Removes a dimension of size 1: <c>squeeze</c> as a module. ONNX: Squeeze.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class Squeeze(string name, long dim) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.squeeze(dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        int axis = ShapeNodes.Axis(dim, context.InputShape(0).Length);
        // PyTorch leaves a dimension of another size as it is; ONNX refuses it.
        if (context.InputDimensions(0)[axis].Value is not 1)
        {
            throw context.Error(
                $"dimension {dim} of its input has size {context.InputDimensions(0)[axis]}; only a size of 1 can be removed. "
                + "Name a dimension of size 1.");
        }
        return [context.Node("Squeeze", [inputs[0], context.Constant("axes", [dim])])];
    }
}

/// <summary>Inserts a dimension of size 1: <c>unsqueeze</c> as a module. ONNX: Unsqueeze.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">Where it will be in the result; negative counts from the end.</param>
public sealed class Unsqueeze(string name, long dim) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.unsqueeze(dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Unsqueeze", [inputs[0], context.Constant("axes", [dim])])];
}

/// <summary>Exchanges two dimensions of a tensor: <c>transpose</c> as a module. ONNX: Transpose.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim0">One dimension; negative counts from the end.</param>
/// <param name="dim1">The other.</param>
public sealed class Transpose(string name, long dim0, long dim1) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.transpose(dim0, dim1);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        int rank = context.InputShape(0).Length;
        long[] order = [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        (int first, int second) = (ShapeNodes.Axis(dim0, rank), ShapeNodes.Axis(dim1, rank));
        (order[first], order[second]) = (order[second], order[first]);
        return [context.Node("Transpose", [inputs[0]], ("perm", order))];
    }
}

/// <summary>Reorders the dimensions of a tensor: <c>permute</c> as a module. ONNX: Transpose.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">For every dimension of the result, which dimension of the input it is.</param>
public sealed class Permute(string name, params long[] dims) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>For every dimension of the result, which dimension of the input it is.</summary>
    public ImmutableArray<long> Dims { get; } = [.. dims];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.permute([.. Dims]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Transpose", [inputs[0]], ("perm", Dims.Select(dim => (long)ShapeNodes.Axis(dim, Dims.Length)).ToArray()))];
}

/// <summary>Reverses the order along dimensions: <c>flip</c> as a module. ONNX: Slice with steps of −1.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reversed; negative counts from the end.</param>
public sealed class Flip(string name, params long[] dims) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The dimensions reversed; negative counts from the end.</summary>
    public ImmutableArray<long> Dims { get; } = [.. dims];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.flip([.. Dims]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [ShapeNodes.Flip(context, inputs[0], [.. Dims])];
}

/// <summary>Gives a tensor another shape: <c>reshape</c> as a module. ONNX: Reshape.</summary>
public sealed class Reshape : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    /// <summary>Fixes the shape.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="shape">
    /// The new sizes; 0 keeps the size of that dimension (as for the batch), −1 (once at most) takes what is left.
    /// </param>
    /// <exception cref="ArgumentException">A size is below −1, or −1 stands twice.</exception>
    public Reshape(string name, params ReadOnlySpan<long> shape)
        : base(name)
    {
        Shape = [.. shape];
        if (Shape.Any(size => size < -1) || Shape.Count(size => size == -1) > 1)
        {
            throw new ArgumentException(
                $"The shape [{string.Join(',', Shape)}] of '{name}' must have sizes of at least 0, and −1 at most once.", nameof(shape));
        }
    }

    /// <summary>The new sizes; 0 keeps a size, −1 takes what is left.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.reshape([.. Shape.Select((size, axis) => size == 0 ? input.shape[axis] : size)]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Reshape", [inputs[0], context.Constant("shape", [.. Shape])])];
}
