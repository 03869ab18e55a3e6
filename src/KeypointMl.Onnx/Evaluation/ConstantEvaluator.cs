using System.Collections.Frozen;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>
/// Computes nodes of shape arithmetic and of weights' preparation without a runtime. Nodes that are not known, are
/// wrong, or whose result would be too large give none: the runtime then computes them, or says what is wrong.
/// </summary>
internal static class ConstantEvaluator
{
    private static readonly FrozenDictionary<string, Func<NodeEvaluation, ConstantTensor?>> Operators = Table();

    /// <summary>Whether an operator can be computed at all.</summary>
    public static bool Knows(string opType) => Operators.ContainsKey(opType);

    /// <summary>The node's first output; null if it is not computed here.</summary>
    public static ConstantTensor? Evaluate(NodeEvaluation evaluation) =>
        Operators.TryGetValue(evaluation.Node.OpType, out Func<NodeEvaluation, ConstantTensor?>? compute) ? compute(evaluation) : null;

    private static FrozenDictionary<string, Func<NodeEvaluation, ConstantTensor?>> Table()
    {
        var table = new Dictionary<string, Func<NodeEvaluation, ConstantTensor?>>(StringComparer.Ordinal)
        {
            ["Cast"] = Casting.Cast,
            ["Concat"] = LayoutOperators.Concat,
            ["ConstantOfShape"] = LayoutOperators.ConstantOfShape,
            ["Expand"] = LayoutOperators.Expand,
            ["Flatten"] = LayoutOperators.Flatten,
            ["Gather"] = LayoutOperators.Gather,
            ["Identity"] = LayoutOperators.Identity,
            ["Range"] = LayoutOperators.Range,
            ["Reshape"] = LayoutOperators.Reshape,
            ["Slice"] = LayoutOperators.Slice,
            ["Squeeze"] = LayoutOperators.Squeeze,
            ["Transpose"] = LayoutOperators.Transpose,
            ["Unsqueeze"] = LayoutOperators.Unsqueeze,
            ["Where"] = ElementwiseOperators.Where,
        };
        foreach (string name in (string[])["Neg", "Abs", "Sqrt", "Reciprocal", "Exp", "Log", "Floor", "Ceil", "Round", "Not"])
            table[name] = ElementwiseOperators.Unary;
        foreach (string name in (string[])["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Equal", "Greater", "GreaterOrEqual",
            "Less", "LessOrEqual", "And", "Or"])
            table[name] = ElementwiseOperators.Binary;
        foreach (string name in (string[])["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd"])
            table[name] = Reductions.Reduce;
        return table.ToFrozenDictionary();
    }
}
