using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>What is to be quantised.</summary>
/// <param name="Units">The nodes, in the graph's order.</param>
/// <param name="Reasons">For every node of the graph how it is quantised, or why it is not.</param>
internal sealed record QuantizationPlan(IReadOnlyList<QuantizedUnit> Units, IReadOnlyDictionary<NodeProto, string> Reasons)
{
    /// <summary>The activations that become integers, in the order in which units touch them.</summary>
    public IReadOnlyList<string> Tensors { get; } = [.. Units.SelectMany(unit => unit.Inputs.Append(unit.Output)).Distinct()];

    /// <summary>The nodes that are quantised or, as rectifiers, replaced by a range.</summary>
    public IReadOnlySet<NodeProto> Quantized { get; } = Units.SelectMany(unit => new[] { unit.Node, unit.Rectifier }).OfType<NodeProto>().ToHashSet<NodeProto>(ReferenceEqualityComparer.Instance);

    /// <summary>Gives activations that must have the same range the smallest one that holds all of theirs.</summary>
    public Dictionary<string, ActivationRange> ShareRanges(IReadOnlyDictionary<string, ActivationRange> measured)
    {
        Dictionary<string, string> parents = Tensors.ToDictionary(name => name, name => name, StringComparer.Ordinal);
        foreach (QuantizedUnit unit in Units.Where(unit => unit.Kind == UnitKind.SharedRange))
        {
            foreach (string input in unit.Inputs)
                parents[Root(parents, input)] = Root(parents, unit.Output);
        }
        Dictionary<string, ActivationRange> shared = Tensors.GroupBy(name => Root(parents, name)).ToDictionary(group => group.Key, group => group.Select(name => measured[name]).Aggregate((a, b) => a.Union(b)));
        return Tensors.ToDictionary(name => name, name => shared[Root(parents, name)], StringComparer.Ordinal);
    }

    private static string Root(Dictionary<string, string> parents, string name)
    {
        while (parents[name] != name)
            name = parents[name];
        return name;
    }
}
