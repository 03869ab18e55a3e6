using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// The attention of several heads that <c>MultiheadAttention</c> computes and the transformer layers contain (Vaswani
/// et al., 2017, section 3.2), on sequences [L,N,E].
/// </summary>
/// <param name="context">The call being written.</param>
/// <param name="parameters">The module's parameters by name.</param>
/// <param name="prefix">What the names of this attention's parameters begin with.</param>
/// <param name="heads">How many heads.</param>
/// <param name="addZeroAttention">Whether a key and a value of zeros are appended.</param>
internal sealed class AttentionLayer(
    OnnxExportContext context,
    IReadOnlyDictionary<string, Tensor> parameters,
    string prefix,
    long heads,
    bool addZeroAttention = false)
{
    private readonly Tensor outputWeight = parameters[$"{prefix}out_proj.weight"];

    /// <summary>softmax(Q·K·scale + bias)·V.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="query">[…,L,d].</param>
    /// <param name="key">[…,d,S], already transposed.</param>
    /// <param name="value">[…,S,e].</param>
    /// <param name="width">d, of which the scale is the inverse square root.</param>
    /// <param name="bias">What is added to the scores, broadcast to […,L,S]; or null.</param>
    /// <param name="zeroWhereForbidden">Whether the weights of a query whose scores are all −∞ are 0, not NaN.</param>
    /// <returns>The result […,L,e] and the weights […,L,S].</returns>
    public static (string Output, string Weights) Attend(
        OnnxExportContext context, string query, string key, string value, long width, string? bias, bool zeroWhereForbidden = false)
    {
        string scaled = context.Node("Mul", [query, context.Scalar("scale", 1 / Math.Sqrt(width))]);
        string scores = context.Node("MatMul", [scaled, key]);
        scores = bias is null ? scores : context.Node("Add", [scores, bias]);
        string weights = context.Node("Softmax", [scores], ("axis", -1));
        if (zeroWhereForbidden)
        {
            string largest = Reducing.Reduce(context, "ReduceMax", scores, [-1], keepDims: true);
            string forbidden = context.Node("Equal", [largest, context.Scalar("nothing", double.NegativeInfinity)]);
            weights = context.Node("Where", [forbidden, context.Scalar("zero", 0.0), weights]);
        }
        return (context.Node("MatMul", [weights, value]), weights);
    }

    /// <summary>Writes the attention.</summary>
    /// <param name="query">[L,N,E].</param>
    /// <param name="key">[S,N,·].</param>
    /// <param name="value">[S,N,·].</param>
    /// <param name="bias">What is added to the scores, broadcast to [N,heads,L,S]; or null.</param>
    /// <returns>The result [L,N,E] and the weights of every head, [N,heads,L,S].</returns>
    public (string Output, string Weights) Write(string query, string key, string value, string? bias)
    {
        Tensor?[] biases = parameters.TryGetValue($"{prefix}in_proj_bias", out Tensor? joined) ? joined.chunk(3) : new Tensor?[3];
        Tensor[] weights = parameters.TryGetValue($"{prefix}in_proj_weight", out Tensor? packed)
            ? packed.chunk(3)
            : [parameters[$"{prefix}q_proj_weight"], parameters[$"{prefix}k_proj_weight"], parameters[$"{prefix}v_proj_weight"]];
        string q = LinearConverters.Project(context, query, weights[0], biases[0], "query");
        string k = Extend(LinearConverters.Project(context, key, weights[1], biases[1], "key"), "bias_k");
        string v = Extend(LinearConverters.Project(context, value, weights[2], biases[2], "value"), "bias_v");
        int added = (addZeroAttention ? 1 : 0) + (parameters.ContainsKey($"{prefix}bias_k") ? 1 : 0);
        // [L,N,E] → [L,N,H,d] → [N,H,L,d]; the keys [N,H,d,S].
        (string output, string attention) =
            Attend(context, Heads(q, 1, 2, 0, 3), Heads(k, 1, 2, 3, 0), Heads(v, 1, 2, 0, 3), outputWeight.shape[0] / heads,
                Widen(bias, added));
        string sequence = context.Node("Transpose", [output], ("perm", (long[])[2, 0, 1, 3]));
        string merged = context.Node("Reshape", [sequence, context.Constant("merged", [0, 0, outputWeight.shape[0]])]);
        return (LinearConverters.Project(
            context, merged, outputWeight, parameters.GetValueOrDefault($"{prefix}out_proj.bias"), "output"), attention);
    }

    private string Heads(string x, params long[] order)
    {
        string split = context.Node("Reshape", [x, context.Constant("heads", [0, 0, heads, outputWeight.shape[0] / heads])]);
        return context.Node("Transpose", [split], ("perm", order));
    }

    /// <summary>Appends what the options append to keys or values: a learned one, one of zeros.</summary>
    private string Extend(string x, string learned)
    {
        if (parameters.TryGetValue(prefix + learned, out Tensor? element))
        {
            string batch = context.Node("Shape", [x], ("end", 2), ("start", 1));
            string size = context.Node(
                "Concat", [context.Constant("one", [1L]), batch, context.Constant("width", [element.shape[2]])], ("axis", 0));
            x = context.Node("Concat", [x, context.Node("Expand", [context.Parameter(learned, element), size])], ("axis", 0));
        }
        return addZeroAttention ? context.Node("Pad", [x, context.Constant("one_more", (long[])[0, 0, 0, 1, 0, 0])]) : x;
    }

    /// <summary>Lets everything attend to the appended keys.</summary>
    private string? Widen(string? bias, int added) =>
        bias is null || added == 0 ? bias : context.Node("Pad", [bias, context.Constant("appended", [0, 0, 0, 0, 0, 0, 0, added])]);
}
