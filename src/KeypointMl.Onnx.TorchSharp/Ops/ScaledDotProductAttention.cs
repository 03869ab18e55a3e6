using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// softmax(QKᵀ/√d + mask)·V: <c>scaled_dot_product_attention</c> as a module, of queries [N,…,L,d], keys [N,…,S,d],
/// values [N,…,S,e] and, if given, a mask that broadcasts to [N,…,L,S]: bool, true where attention is allowed, or
/// floating-point, which is added. A query that may attend to nothing gives 0. ONNX: MatMul, Mul, Add, Softmax;
/// ReduceMax, Equal and Where for a mask, Trilu for a causal one.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="isCausal">Whether the query at i sees the keys up to i only; excludes a mask.</param>
public sealed class ScaledDotProductAttention(
    string name, bool isCausal = false) : nn.Module<Tensor, Tensor, Tensor, Tensor?, Tensor>(name), IOnnxExportable
{
    /// <summary>Whether the query at i sees the keys up to i only.</summary>
    public bool IsCausal { get; } = isCausal;

    /// <inheritdoc/>
    public override Tensor forward(Tensor query, Tensor key, Tensor value, Tensor? mask) =>
        nn.functional.scaled_dot_product_attention(query, key, value, mask, 0, IsCausal);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string? bias = inputs.Count > 3 ? AttentionMask.Additive(context, inputs[3], context.InputType(3), trueIsAllowed: true)
            : IsCausal ? AttentionMask.Causal(context, inputs[0], inputs[1])
            : null;
        int rank = context.InputShape(1).Length;
        long[] order = [.. Enumerable.Range(0, rank - 2).Select(axis => (long)axis), rank - 1, rank - 2];
        string keys = context.Node("Transpose", [inputs[1]], ("perm", order));
        // libtorch gives 0 for a query that may attend to nothing; under the causal mask each attends to something.
        bool mayForbidAll = inputs.Count > 3;
        long width = ShapeNodes.FixedSize(context, context.InputShape(0).Length - 1, "width of a query");
        return [AttentionLayer.Attend(context, inputs[0], keys, inputs[2], width, bias, zeroWhereForbidden: mayForbidAll).Output];
    }
}
