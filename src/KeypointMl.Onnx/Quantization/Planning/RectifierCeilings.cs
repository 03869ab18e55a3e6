namespace KeypointMl.Onnx;

/// <summary>
/// Follows rectified activations through operators that keep their range. Only activations rectified alike may share a range: one that reached below 0 could not replace a
/// Relu, and one that reached above a Clip's ceiling could not replace the Clip.
/// </summary>
internal sealed class RectifierCeilings(GraphEdits graph)
{
    private readonly Dictionary<string, float?> _known = new(StringComparer.Ordinal);

    /// <summary>Takes note of a unit; units come in the graph's order.</summary>
    public void Add(QuantizedUnit unit) =>
        _known[unit.Output] = unit.Rectifier is not null ? OperatorRules.RectifierCeiling(unit.Rectifier, graph)
            : unit.Kind == UnitKind.SharedRange ? Of(unit.Inputs.First())
            : null;

    /// <summary>Where an activation is cut off above (possibly at infinity) if it is cut off at 0 below; null if it is not.</summary>
    public float? Of(string activation) =>
        _known.TryGetValue(activation, out float? ceiling) ? ceiling
        : graph.Maker(activation) is { } maker ? OperatorRules.RectifierCeiling(maker, graph)
        : null;
}
