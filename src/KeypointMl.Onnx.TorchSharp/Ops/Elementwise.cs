using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Applies a function to every element of a floating-point tensor, as a module. ONNX: the operator that
/// <see cref="ElementwiseFunction"/> names.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="function">The function.</param>
public sealed class Elementwise(string name, ElementwiseFunction function) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The function.</summary>
    public ElementwiseFunction Function { get; } = function;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Function switch
    {
        ElementwiseFunction.Abs => input.abs(),
        ElementwiseFunction.Negate => input.neg(),
        ElementwiseFunction.Exp => input.exp(),
        ElementwiseFunction.Log => input.log(),
        ElementwiseFunction.Sqrt => input.sqrt(),
        ElementwiseFunction.Rsqrt => input.rsqrt(),
        ElementwiseFunction.Reciprocal => input.reciprocal(),
        ElementwiseFunction.Square => input.square(),
        ElementwiseFunction.Sin => input.sin(),
        ElementwiseFunction.Cos => input.cos(),
        ElementwiseFunction.Tanh => input.tanh(),
        ElementwiseFunction.Sigmoid => input.sigmoid(),
        ElementwiseFunction.Erf => input.erf(),
        ElementwiseFunction.Sign => input.sign(),
        ElementwiseFunction.Floor => input.floor(),
        ElementwiseFunction.Ceiling => input.ceil(),
        ElementwiseFunction.Round => input.round(),
        _ => throw new InvalidOperationException($"There is no function {Function}."),
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
    [
        Function switch
        {
            ElementwiseFunction.Negate => context.Node("Neg", [inputs[0]]),
            ElementwiseFunction.Ceiling => context.Node("Ceil", [inputs[0]]),
            ElementwiseFunction.Square => context.Node("Mul", [inputs[0], inputs[0]]),
            ElementwiseFunction.Rsqrt => context.Node("Reciprocal", [context.Node("Sqrt", [inputs[0]])]),
            _ => context.Node(Function.ToString(), [inputs[0]]),
        },
    ];
}
