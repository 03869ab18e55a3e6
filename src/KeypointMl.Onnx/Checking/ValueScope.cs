namespace KeypointMl.Onnx;

/// <summary>The names of values that can be read at a place in a graph: its own, and those of the graphs around it.</summary>
/// <param name="outer">The names around, or null.</param>
internal sealed class ValueScope(ValueScope? outer)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Adds a name of this graph; false if the graph has it already.</summary>
    public bool Add(string name) => _names.Add(name);

    /// <summary>Whether this graph has the name.</summary>
    public bool HasOwn(string name) => _names.Contains(name);

    /// <summary>Whether this graph or one around it has the name.</summary>
    public bool Has(string name) => _names.Contains(name) || HasOuter(name);

    /// <summary>Whether a graph around this one has the name.</summary>
    public bool HasOuter(string name) => outer is not null && outer.Has(name);
}
