using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// Decides what is quantised: every convolution and matrix product that may be, and of the operators between them those that get integers from all sides and whose result
/// reaches another one, because a lone integer Resize or Add would cost two conversions and save nothing.
/// </summary>
internal sealed class QuantizationPlanner(GraphIndex index, NodePatterns patterns)
{
    /// <summary>The convolutions and matrix products that may be quantised.</summary>
    public IReadOnlyList<NodeProto> Candidates { get; } =
        [.. index.Graph.Node.Where(node => patterns.Exclusion(node) is null && OperatorRules.Classify(node, index).Kind == UnitKind.Weighted)];

    /// <summary>Plans.</summary>
    /// <param name="weighted">Which of <see cref="Candidates"/> to quantise.</param>
    /// <param name="leftOut">Why the other candidates are not.</param>
    public QuantizationPlan Plan(IReadOnlySet<NodeProto> weighted, string leftOut)
    {
        var reasons = new Dictionary<NodeProto, string>();
        var units = new List<QuantizedUnit>();
        HashSet<string> quantized = [.. weighted.Select(node => node.Input[0]), .. weighted.Select(node => Unit(node, UnitKind.Weighted).Output)];
        foreach (NodeProto node in index.Graph.Node)
        {
            (UnitKind? kind, string reason) = OperatorRules.Classify(node, index);
            string? obstacle = kind is null ? reason
                : patterns.Exclusion(node) is { } exclusion ? exclusion
                : kind == UnitKind.Weighted ? (weighted.Contains(node) ? null : leftOut)
                : Unit(node, kind.Value).Inputs.All(quantized.Contains) ? null
                : "one of its inputs is in 32-bit floats";
            if (obstacle is not null)
            {
                reasons[node] = obstacle;
                continue;
            }
            QuantizedUnit unit = Unit(node, kind!.Value);
            units.Add(unit);
            quantized.Add(unit.Output);
        }
        Prune(units, reasons);
        foreach (QuantizedUnit unit in units.Where(unit => unit.Rectifier is not null))
            reasons.Remove(unit.Rectifier!);
        return new QuantizationPlan(units, reasons);
    }

    private static void Prune(List<QuantizedUnit> units, Dictionary<NodeProto, string> reasons)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        for (int position = units.Count - 1; position >= 0; position--)
        {
            QuantizedUnit unit = units[position];
            if (unit.Kind == UnitKind.Weighted || wanted.Contains(unit.Output))
            {
                wanted.UnionWith(unit.Inputs);
                continue;
            }
            reasons[unit.Node] = "its result reaches no quantised convolution or matrix product";
            units.RemoveAt(position);
        }
    }

    private QuantizedUnit Unit(NodeProto node, UnitKind kind)
    {
        string output = node.Output[0];
        NodeProto? rectifier = kind != UnitKind.SharedRange && !index.IsOutput(output) && index.Readers(output).ToArray() is [var only]
            && OperatorRules.IsRectifier(only, index) && only.Input[0] == output && patterns.Exclusion(only) is null ? only : null;
        return new QuantizedUnit(node, kind, rectifier);
    }
}
