namespace KeypointMl.Onnx.TorchSharp;

/// <summary>One of ONNX's recurrent operators, and how its weights are ordered.</summary>
/// <param name="OpType">LSTM, GRU or RNN.</param>
/// <param name="GateOrder">For each of the operator's gates, which of PyTorch's it is: LSTM i,o,f,c of i,f,g,o; GRU z,r,h of r,z,n.</param>
/// <param name="Attributes">Attributes besides the sizes.</param>
internal sealed record RecurrentOperator(string OpType, int[] GateOrder, params (string Name, object Value)[] Attributes)
{
    public static RecurrentOperator Lstm { get; } = new("LSTM", [0, 3, 1, 2]);

    // PyTorch applies the reset gate behind the recurrent matrix.
    public static RecurrentOperator Gru { get; } = new("GRU", [1, 0, 2], ("linear_before_reset", 1));

    public static RecurrentOperator Rnn(bool relu, int directions) => new("RNN", [0], ("activations", Enumerable.Repeat(relu ? "Relu" : "Tanh", directions).ToArray()));
}
