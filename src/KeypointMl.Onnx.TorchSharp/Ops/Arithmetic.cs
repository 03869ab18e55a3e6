using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>An operation on two tensors whose shapes broadcast, as a module, so that the exporter sees it.</summary>
public abstract class BinaryOperation : nn.Module<Tensor, Tensor, Tensor>, IOnnxExportable
{
    private readonly string opType;

    private protected BinaryOperation(string name, string opType)
        : base(name) => this.opType = opType;

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        context.InputType(0) == context.InputType(1)
            ? [context.Node(opType, [.. inputs])]
            : throw context.Error(
                $"its inputs have element types {context.InputType(0)} and {context.InputType(1)}; "
                + "ONNX does not convert one into the other. Convert before.");
}

/// <summary>Adds two tensors: <c>left + right</c> as a module. ONNX: Add.</summary>
/// <param name="name">The module's name.</param>
public sealed class Add(string name) : BinaryOperation(name, "Add")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left + right;
}

/// <summary>Subtracts one tensor from another: <c>left − right</c> as a module. ONNX: Sub.</summary>
/// <param name="name">The module's name.</param>
public sealed class Subtract(string name) : BinaryOperation(name, "Sub")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left - right;
}

/// <summary>Multiplies two tensors element by element: <c>left · right</c> as a module. ONNX: Mul.</summary>
/// <param name="name">The module's name.</param>
public sealed class Multiply(string name) : BinaryOperation(name, "Mul")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left * right;
}

/// <summary>
/// Divides one tensor by another element by element: <c>left / right</c> of floating-point tensors as a module. ONNX:
/// Div.
/// </summary>
/// <param name="name">The module's name.</param>
public sealed class Divide(string name) : BinaryOperation(name, "Div")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left / right;
}

/// <summary>Raises one floating-point tensor to the power of another, element by element: <c>pow</c> as a module. ONNX: Pow.</summary>
/// <param name="name">The module's name.</param>
public sealed class Power(string name) : BinaryOperation(name, "Pow")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left.pow(right);
}

/// <summary>The larger of two tensors, element by element: <c>maximum</c> as a module. ONNX: Max.</summary>
/// <param name="name">The module's name.</param>
public sealed class ElementwiseMaximum(string name) : BinaryOperation(name, "Max")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => maximum(left, right);
}

/// <summary>The smaller of two tensors, element by element: <c>minimum</c> as a module. ONNX: Min.</summary>
/// <param name="name">The module's name.</param>
public sealed class ElementwiseMinimum(string name) : BinaryOperation(name, "Min")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => minimum(left, right);
}

/// <summary>
/// Chooses, element by element, from one tensor where a bool tensor is true and from another elsewhere: <c>where</c> as
/// a module. ONNX: Where.
/// </summary>
/// <param name="name">The module's name.</param>
public sealed class Where(string name) : nn.Module<Tensor, Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor condition, Tensor whereTrue, Tensor whereFalse) => where(condition, whereTrue, whereFalse);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(
        OnnxExportContext context, IReadOnlyList<string> inputs) => context.InputType(1) == context.InputType(2)
        ? [context.Node("Where", [.. inputs])]
        : throw context.Error(
            $"it chooses between element types {context.InputType(1)} and {context.InputType(2)}; "
            + $"ONNX does not convert one into the other. Convert before, with {nameof(Cast)}.");
}
