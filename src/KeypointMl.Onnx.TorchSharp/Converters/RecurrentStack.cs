using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Stacked recurrent layers, each by one of ONNX's recurrent operators, on sequences [T,N,C].</summary>
internal sealed class RecurrentStack
{
    private readonly OnnxExportContext context;
    private readonly Dictionary<string, Tensor> parameters;
    private readonly RecurrentOperator operation;

    /// <summary>Of a module whose parameters are named as PyTorch names them.</summary>
    public RecurrentStack(OnnxExportContext context, Dictionary<string, Tensor> parameters, RecurrentOperator recurrent)
    {
        (this.context, this.parameters, operation) = (context, parameters, recurrent);
        Directions = parameters.Keys.Any(name => name.EndsWith("_reverse", StringComparison.Ordinal)) ? 2 : 1;
        Layers = parameters.ContainsKey("weight_ih")
            ? 1
            : Enumerable.Range(0, int.MaxValue).First(layer => !parameters.ContainsKey($"weight_ih_l{layer}"));
        Hidden = parameters.First(entry => entry.Key.StartsWith("weight_hh", StringComparison.Ordinal)).Value.shape[1];
    }

    /// <summary>How many layers.</summary>
    public int Layers { get; }

    /// <summary>1, or 2 where each layer also reads the sequence backwards.</summary>
    public int Directions { get; }

    /// <summary>Features of the state.</summary>
    public long Hidden { get; }

    /// <summary>Writes all layers.</summary>
    /// <param name="x">[T,N,C].</param>
    /// <param name="states">The initial states, each [layers · directions,N,hidden]; none for zeros.</param>
    /// <returns>
    /// The last layer's states at every step, [T,N,directions · hidden], and the last states of all layers, each
    /// [layers · directions,N,hidden].
    /// </returns>
    public IReadOnlyList<string> Write(string x, IReadOnlyList<string> states)
    {
        var last = new List<string[]>();
        for (int layer = 0; layer < Layers; layer++)
        {
            string[] results = WriteLayer(x, layer, states);
            last.Add(results[1..]);
            // [T,D,N,H] → [T,N,D·H]
            x = Directions == 1
                ? context.Node("Squeeze", [results[0], context.Constant("axes", [1L])])
                : context.Node("Reshape",
                    [context.Node("Transpose", [results[0]], ("perm", (long[])[0, 2, 1, 3])),
                        context.Constant("merged", [0, 0, 2 * Hidden])]);
        }
        return [x, .. Enumerable.Range(0, last[0].Length)
            .Select(state => Layers == 1
                ? last[0][state]
                : context.Node("Concat", [.. last.Select(results => results[state])], ("axis", 0)))];
    }

    private string[] WriteLayer(string x, int layer, IReadOnlyList<string> states)
    {
        string input = Stored("W", layer, suffix => Reorder("weight_ih" + suffix));
        string recurrent = Stored("R", layer, suffix => Reorder("weight_hh" + suffix));
        string bias = parameters.ContainsKey("bias_ih" + Suffix(layer, 0))
            ? Stored("B", layer, suffix => cat([Reorder("bias_ih" + suffix), Reorder("bias_hh" + suffix)]))
            : "";
        string[] initial = [.. states.Select(state => Layers == 1
            ? state
            : ShapeNodes.Slice(context, state, 0, layer * Directions, (layer + 1) * Directions))];
        // The third input is the bias, the fourth the sequences' lengths.
        string[] inputs = initial.Length > 0 ? [x, input, recurrent, bias, "", .. initial] : bias.Length > 0
            ? [x, input, recurrent, bias]
            : [x, input, recurrent];
        return context.Node(
            operation.OpType,
            inputs,
            operation.OpType == "LSTM" ? 3 : 2,
            [("direction", Directions == 2 ? "bidirectional" : "forward"), ("hidden_size", Hidden), .. operation.Attributes]);
    }

    private string Stored(string what, int layer, Func<string, Tensor> ofDirection) =>
        context.Parameter($"{what}{layer}",
            stack([.. Enumerable.Range(0, Directions).Select(direction => ofDirection(Suffix(layer, direction)))]));

    private Tensor Reorder(string name) => cat([.. operation.GateOrder.Select(gate => parameters[name].narrow(0, gate * Hidden, Hidden))]);

    // A cell's parameters carry no layer.
    private string Suffix(int layer, int direction) =>
        parameters.ContainsKey("weight_ih") ? "" : $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
}

/// <summary>One of ONNX's recurrent operators, and how its weights are ordered.</summary>
/// <param name="OpType">LSTM, GRU or RNN.</param>
/// <param name="GateOrder">For each of the operator's gates, which of PyTorch's it is: LSTM i,o,f,c of i,f,g,o; GRU z,r,h of r,z,n.</param>
/// <param name="Attributes">Attributes besides the sizes.</param>
internal sealed record RecurrentOperator(string OpType, int[] GateOrder, params (string Name, object Value)[] Attributes)
{
    public static RecurrentOperator Lstm { get; } = new("LSTM", [0, 3, 1, 2]);

    // PyTorch applies the reset gate behind the recurrent matrix.
    public static RecurrentOperator Gru { get; } = new("GRU", [1, 0, 2], ("linear_before_reset", 1));

    public static RecurrentOperator Rnn(bool relu, int directions) =>
        new("RNN", [0], ("activations", Enumerable.Repeat(relu ? "Relu" : "Tanh", directions).ToArray()));
}
