namespace KeypointMl.Onnx.TorchSharp;

/// <summary>One example run: what was fed, which modules were called in which order, what came out.</summary>
internal sealed record Trace(IReadOnlyList<TracedValue> Inputs, IReadOnlyList<TracedCall> Calls, IReadOnlyList<TracedValue> Outputs)
{
    /// <summary>Every value in an order that is the same for equal runs.</summary>
    public IEnumerable<TracedValue> Values => Inputs.Concat(Calls.SelectMany(call => call.Inputs.Concat(call.Outputs))).Concat(Outputs);

    /// <summary>The calls that the outputs depend on, in order.</summary>
    public IReadOnlyList<TracedCall> LiveCalls()
    {
        var needed = new HashSet<TracedValue>(Outputs);
        var live = new List<TracedCall>();
        foreach (TracedCall call in Calls.Reverse().Where(call => call.Outputs.Any(needed.Contains)))
        {
            live.Add(call);
            needed.UnionWith(call.Inputs);
        }
        live.Reverse();
        return live;
    }
}
