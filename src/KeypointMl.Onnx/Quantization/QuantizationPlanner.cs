using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Decides what is quantised: every convolution and matrix product that may be, and of the operators between them those
/// that get integers from all sides and whose result reaches another one, because a lone integer Resize or Add would
/// cost two conversions and save nothing.
/// </summary>
internal sealed class QuantizationPlanner(GraphEdits graph, NodePatterns patterns, OnnxQuantizationOptions options)
{
    /// <summary>The convolutions and matrix products that may be quantised.</summary>
    public IReadOnlyList<NodeProto> Candidates { get; } =
        [.. graph.Nodes().Where(node => patterns.Exclusion(node) is null
            && OperatorRules.Classify(node, graph, options).Kind == UnitKind.Weighted)];

    /// <summary>Plans.</summary>
    /// <param name="weighted">Which of <see cref="Candidates"/> to quantise.</param>
    /// <param name="leftOut">Why the other candidates are not.</param>
    public QuantizationPlan Plan(IReadOnlySet<NodeProto> weighted, string leftOut)
    {
        var reasons = new Dictionary<NodeProto, string>(ReferenceEqualityComparer.Instance);
        var units = new List<QuantizedUnit>();
        // Convolutions lend their inputs and results to the operators around them.
        HashSet<string> quantized =
        [
            .. weighted.Select(node => node.Input[0]), .. weighted.Select(node => Unit(node, UnitKind.Weighted).Output),
        ];
        var ceilings = new RectifierCeilings(graph);
        foreach (NodeProto node in graph.Nodes())
        {
            (UnitKind? kind, string reason) = OperatorRules.Classify(node, graph, options);
            if (kind is { } known && patterns.Exclusion(node) is null && Candidate(node, known) is { } unit)
            {
                units.Add(unit);
                quantized.Add(unit.Output);
                ceilings.Add(unit);
                continue;
            }
            reasons[node] = kind is null ? reason
                : patterns.Exclusion(node) is { } exclusion ? exclusion
                : kind == UnitKind.Weighted ? leftOut
                : "one of its inputs is in 32-bit floats";
        }
        Prune(units, reasons);
        foreach (QuantizedUnit unit in units)
        {
            reasons[unit.Node] = OperatorRules.Classify(unit.Node, graph, options).Reason;
            if (unit.Rectifier is not null)
                reasons[unit.Rectifier] = $"replaced by the range of '{NodeNames.Of(unit.Node)}', which starts at 0";
        }
        return new QuantizationPlan(units, reasons);

        QuantizedUnit? Candidate(NodeProto node, UnitKind kind)
        {
            QuantizedUnit unit = Unit(node, kind);
            if (kind == UnitKind.Weighted)
                return weighted.Contains(node) ? unit : null;
            if (!unit.Inputs.All(quantized.Contains))
                return null;
            // Inputs of one range are joined without being converted. A rectified one would lose its Relu to a range that reaches below 0.
            bool joins = node.OpType == "Concat" && unit.Rectifier is null && unit.Inputs.Select(ceilings.Of).Distinct().Count() == 1;
            return joins ? unit with { Kind = UnitKind.SharedRange } : unit;
        }
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
        NodeProto? reader = kind == UnitKind.SharedRange ? null : graph.SoleReader(node.Output[0]);
        bool rectifies = reader is not null && OperatorRules.RectifierCeiling(reader, graph) is not null
            && reader.Input[0] == node.Output[0] && patterns.Exclusion(reader) is null;
        return new QuantizedUnit(node, kind, rectifies ? reader : null);
    }
}
