using System.IO.Enumeration;
using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Quantization;

/// <summary>The nodes that a caller keeps in 32-bit floats.</summary>
internal sealed class NodePatterns
{
    private readonly OnnxQuantizationOptions options;

    /// <summary>Checks the patterns against a graph.</summary>
    /// <exception cref="OnnxException">A pattern names no node, or an operator is not in the graph.</exception>
    public NodePatterns(OnnxQuantizationOptions options, GraphProto graph)
    {
        this.options = options;
        foreach (string pattern in options.ExcludedNodes.Where(pattern => !graph.Node.Any(node => Matches(pattern, node))))
        {
            throw new OnnxException(
                $"{nameof(OnnxQuantizationOptions.ExcludedNodes)} has '{pattern}', which names no node of the graph "
                + $"'{graph.Name}'; its nodes are named like '{NodeNames.Of(graph.Node[0])}'. Inspect the model for their names.");
        }
        foreach (string operation in options.ExcludedOperators.Where(operation => graph.Node.All(node => node.OpType != operation)))
        {
            throw new OnnxException(
                $"{nameof(OnnxQuantizationOptions.ExcludedOperators)} has '{operation}', which the graph '{graph.Name}' does "
                + $"not use; it uses {string.Join(", ", graph.Node.Select(node => node.OpType).Distinct().Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>Why a node is kept; null if it is not.</summary>
    public string? Exclusion(NodeProto node) =>
        options.ExcludedNodes.FirstOrDefault(pattern => Matches(pattern, node)) is { } pattern
        ? $"excluded by the name pattern '{pattern}'"
        : options.ExcludedOperators.Contains(node.OpType) ? $"operator {node.OpType} is excluded"
        : null;

    // '\' escapes in this matcher; a name with one in it is taken literally.
    private static bool Matches(string pattern, NodeProto node) =>
        FileSystemName.MatchesSimpleExpression(
            pattern.Replace("\\", "\\\\", StringComparison.Ordinal), NodeNames.Of(node), ignoreCase: false);
}

/// <summary>Names nodes for people.</summary>
internal static class NodeNames
{
    /// <summary>A node's name, or that of the first value it makes where it has none.</summary>
    public static string Of(NodeProto node) => node.Name.Length > 0
        ? node.Name
        : node.Output.FirstOrDefault(output => output.Length > 0, node.OpType);
}

/// <summary>
/// Follows rectified activations through operators that keep their range. Only activations rectified alike may share a
/// range: one that reached below 0 could not replace a Relu, and one that reached above a Clip's ceiling could not
/// replace the Clip.
/// </summary>
internal sealed class RectifierCeilings(GraphEdits graph)
{
    private readonly Dictionary<string, float?> known = new(StringComparer.Ordinal);

    /// <summary>Takes note of a unit; units come in the graph's order.</summary>
    public void Add(QuantizedUnit unit) =>
        known[unit.Output] = unit.Rectifier is not null ? OperatorRules.RectifierCeiling(unit.Rectifier, graph)
            : unit.Kind == UnitKind.SharedRange ? Of(unit.Inputs.First())
            : null;

    /// <summary>Where an activation is cut off above (possibly at infinity) if it is cut off at 0 below; null if it is not.</summary>
    public float? Of(string activation) =>
        known.TryGetValue(activation, out float? ceiling) ? ceiling
        : graph.Maker(activation) is { } maker ? OperatorRules.RectifierCeiling(maker, graph)
        : null;
}
