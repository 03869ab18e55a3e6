using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Recurrent layers and cells (ONNX: LSTM, GRU, RNN; a cell is a sequence of one step).</summary>
internal static class RecurrentConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<LSTM>((context, module, inputs) =>
            Sequence(context, Parameters(module), RecurrentOperator.Lstm, inputs, zeros => module.forward(zeros, null).Item2))
        .With<GRU>((context, module, inputs) =>
            Sequence(context, Parameters(module), RecurrentOperator.Gru, inputs, zeros => module.forward(zeros, null!).Item2))
        .With<RNN>((context, module, inputs) =>
            Sequence(context, Parameters(module), OperatorOf(context, module), inputs, zeros => module.forward(zeros, null!).Item2))
        .With<LSTMCell>((context, module, inputs) => Step(context, Parameters(module), RecurrentOperator.Lstm, inputs))
        .With<GRUCell>((context, module, inputs) => Step(context, Parameters(module), RecurrentOperator.Gru, inputs))
        .With<RNNCell>((context, module, inputs) => Step(context, Parameters(module), OperatorOf(context, module), inputs));

    private static Dictionary<string, Tensor> Parameters(nn.Module module) =>
        module.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);

    private static IReadOnlyList<string> Sequence(
        OnnxExportContext context, Dictionary<string, Tensor> parameters, RecurrentOperator recurrent, IReadOnlyList<string> inputs,
        Func<Tensor, Tensor> lastState)
    {
        string x = inputs[0];
        bool batchFirst = IsBatchFirst(parameters, lastState);
        if (batchFirst)
            x = context.Node("Transpose", [x], ("perm", (long[])[1, 0, 2]));
        IReadOnlyList<string> results = new RecurrentStack(context, parameters, recurrent).Write(x, [.. inputs.Skip(1)]);
        return batchFirst ? [context.Node("Transpose", [results[0]], ("perm", (long[])[1, 0, 2])), .. results.Skip(1)] : results;
    }

    /// <summary>TorchSharp does not show whether the batch comes first; the shape of the last state does.</summary>
    private static bool IsBatchFirst(Dictionary<string, Tensor> parameters, Func<Tensor, Tensor> lastState)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor weight = parameters["weight_ih_l0"];
        return lastState(zeros([2, 3, weight.shape[1]], weight.dtype, weight.device)).shape[1] == 2;
    }

    private static IReadOnlyList<string> Step(
        OnnxExportContext context,
        Dictionary<string, Tensor> parameters,
        RecurrentOperator recurrent,
        IReadOnlyList<string> inputs)
    {
        string axis = context.Constant("axes", [0L]);
        string[] sequences = [.. inputs.Select(input => context.Node("Unsqueeze", [input, axis]))];
        IReadOnlyList<string> results = new RecurrentStack(context, parameters, recurrent).Write(sequences[0], sequences[1..]);
        return [.. results.Skip(1).Select(state => context.Node("Squeeze", [state, axis]))];
    }

    private static RecurrentOperator OperatorOf(OnnxExportContext context, RNN module)
    {
        var shape = new RecurrentStack(context, Parameters(module), RecurrentOperator.Rnn(relu: false, 1));
        (long inputs, bool bias) = (module.get_parameter("weight_ih_l0")!.shape[1], module.has_parameter("bias_ih_l0"));
        nn.NonLinearities found = HiddenOption.Find(
            context,
            module,
            "nonlinearity",
            [nn.NonLinearities.Tanh, nn.NonLinearities.ReLU],
            option => nn.RNN(inputs, shape.Hidden, shape.Layers, option, bias, bidirectional: shape.Directions == 2),
            (twin, probe) => twin.forward(probe([1, 1, inputs]), null!).Item1);
        return RecurrentOperator.Rnn(found == nn.NonLinearities.ReLU, shape.Directions);
    }

    private static RecurrentOperator OperatorOf(OnnxExportContext context, RNNCell module)
    {
        (long hidden, long inputs) = (module.get_parameter("weight_ih")!.shape[0], module.get_parameter("weight_ih")!.shape[1]);
        nn.NonLinearities found = HiddenOption.Find(
            context,
            module,
            "nonlinearity",
            [nn.NonLinearities.Tanh, nn.NonLinearities.ReLU],
            option => nn.RNNCell(inputs, hidden, option, module.has_parameter("bias_ih")),
            (twin, probe) => twin.forward(probe([1, inputs]), null!));
        return RecurrentOperator.Rnn(found == nn.NonLinearities.ReLU, 1);
    }
}
