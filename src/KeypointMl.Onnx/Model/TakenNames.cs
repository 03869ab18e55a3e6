namespace KeypointMl.Onnx.Model;

/// <summary>Names of a graph's values or nodes, each taken once.</summary>
internal sealed class TakenNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>Takes a name; false where it is taken.</summary>
    public bool Take(string name) => taken.Add(name);

    /// <summary>Takes names, whether or not they are taken.</summary>
    public void TakeAll(IEnumerable<string> names) => taken.UnionWith(names);

    /// <summary>Whether a name is taken.</summary>
    public bool Contains(string name) => taken.Contains(name);

    /// <summary>Takes a name that is free.</summary>
    /// <param name="hint">The name wished for; a number is appended where it is taken.</param>
    public string TakeLike(string hint)
    {
        string name = hint;
        for (int number = 1; !taken.Add(name); number++)
            name = $"{hint}_{number}";
        return name;
    }
}
