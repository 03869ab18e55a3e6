using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Quantization;

/// <summary>What is to be quantised.</summary>
/// <param name="Units">The nodes, in the graph's order.</param>
/// <param name="Reasons">For every node of the graph how it is quantised, or why it is not.</param>
internal sealed record QuantizationPlan(IReadOnlyList<QuantizedUnit> Units, IReadOnlyDictionary<NodeProto, string> Reasons)
{
    /// <summary>The activations that become integers, in the order in which units touch them.</summary>
    public IReadOnlyList<string> Tensors { get; } = [.. Units.SelectMany(unit => unit.Inputs.Append(unit.Output)).Distinct()];

    /// <summary>The nodes that are quantised or, as rectifiers, replaced by a range.</summary>
    public IReadOnlySet<NodeProto> Quantized { get; } = Units.SelectMany(unit => new[] { unit.Node, unit.Rectifier })
        .OfType<NodeProto>().ToHashSet<NodeProto>(ReferenceEqualityComparer.Instance);

    /// <summary>Gives activations that must have the same range the smallest one that holds all of theirs.</summary>
    public Dictionary<string, ActivationRange> ShareRanges(IReadOnlyDictionary<string, ActivationRange> measured)
    {
        Dictionary<string, string> parents = Tensors.ToDictionary(name => name, name => name, StringComparer.Ordinal);
        foreach (QuantizedUnit unit in Units.Where(unit => unit.Kind == UnitKind.SharedRange))
        {
            foreach (string input in unit.Inputs)
                parents[Root(parents, input)] = Root(parents, unit.Output);
        }
        Dictionary<string, ActivationRange> shared = Tensors.GroupBy(name => Root(parents, name))
            .ToDictionary(group => group.Key, group => group.Select(name => measured[name]).Aggregate((a, b) => a.Union(b)));
        return Tensors.ToDictionary(name => name, name => shared[Root(parents, name)], StringComparer.Ordinal);
    }

    private static string Root(Dictionary<string, string> parents, string name)
    {
        while (parents[name] != name)
            name = parents[name];
        return name;
    }
}

/// <summary>A node to be quantised, with the rectifier that its result's range replaces.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">What its operator does.</param>
/// <param name="Rectifier">The Relu or Clip that alone reads its result and disappears; null if there is none.</param>
internal sealed record QuantizedUnit(NodeProto Node, UnitKind Kind, NodeProto? Rectifier)
{
    /// <summary>The activations it reads.</summary>
    public IEnumerable<string> Inputs => Kind == UnitKind.OwnRange || Node.OpType == "Concat" ? Node.Input.Distinct() : Node.Input.Take(1);

    /// <summary>The activation it makes, rectified.</summary>
    public string Output => (Rectifier ?? Node).Output[0];
}

/// <summary>What an operator does in the integer domain.</summary>
internal enum UnitKind
{
    /// <summary>Multiplies an activation with stored weights; its result has a range of its own.</summary>
    Weighted,

    /// <summary>Combines or maps activations; its result has a range of its own.</summary>
    OwnRange,

    /// <summary>
    /// Moves or mixes numbers; the integer kernel works on the numbers as they are, so its result has the range of what
    /// it reads.
    /// </summary>
    SharedRange,
}
