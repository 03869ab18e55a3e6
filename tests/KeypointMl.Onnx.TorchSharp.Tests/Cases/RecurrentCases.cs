using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class RecurrentCases
{
    private const long Inputs = 3;
    private const long Hidden = 4;

    private static readonly (string Name, object[] Values)[] Options =
    [
        OptionSpace.Numbers("layers", 1, 2, 3),
        OptionSpace.Flags("bidirectional", false),
        OptionSpace.Flags("batch_first", false),
        OptionSpace.Flags("bias", true),
        OptionSpace.Flags("initial states", false),
        OptionSpace.Numbers("steps", 3, 1, 5),
        OptionSpace.Numbers("opset", 17, 21),
    ];

    private static readonly (string Name, object[] Values)[] Cell =
    [
        OptionSpace.Flags("bias", true),
        OptionSpace.Flags("initial states", false),
        OptionSpace.Numbers("opset", 17, 21),
    ];

    private static readonly (string Name, object[] Values) Nonlinearity =
        OptionSpace.Any("nonlinearity", nn.NonLinearities.Tanh, nn.NonLinearities.ReLU);

    public static CaseFamily Family { get; } = new(
        "Recurrent layers",
        [
            new(typeof(LSTM), "open number of steps", () => nn.LSTM(Inputs, Hidden, 2, bidirectional: true),
                ParityInput.Normal(ParityInput.Batch, 2, Inputs)),
        ],
        [
            new(typeof(LSTM), Options, choice => Sequence(typeof(LSTM), choice, 2, LongShortTerm)),
            new(typeof(GRU), Options, choice => Sequence(typeof(GRU), choice, 1, Gated)),
            new(typeof(RNN), [.. Options, Nonlinearity], choice => Sequence(typeof(RNN), choice, 1, Plain)),
            // TorchSharp 0.107 fails to run an LSTMCell without initial states.
            new(typeof(LSTMCell),
                [.. Cell.Where(option => option.Name != "initial states"), ("initial states", [true])], choice =>
                    Step(typeof(LSTMCell), choice, 2, () => LongShortTermCell(choice)))
            {
                Count = 4,
            },
            new(typeof(GRUCell), Cell, choice => Step(typeof(GRUCell), choice, 1, () => nn.GRUCell(Inputs, Hidden, choice.Flag("bias"))))
            {
                Count = 8,
            },
            new(typeof(RNNCell),
                [.. Cell, Nonlinearity], choice =>
                    Step(typeof(RNNCell), choice,
                        1, () => nn.RNNCell(Inputs, Hidden, choice.Of<nn.NonLinearities>("nonlinearity"), choice.Flag("bias"))))
            {
                Count = 12,
            },
        ],
        []);

    private static nn.Module LongShortTerm(Choice choice)
    {
        LSTM layer = nn.LSTM(Inputs, Hidden, choice.Number("layers"), choice.Flag("bias"), choice.Flag("batch_first"),
            bidirectional: choice.Flag("bidirectional"));
        return choice.Flag("initial states")
            ? Around.Of(layer, 3, (inner, x) =>
            {
                (Tensor output, Tensor hidden, Tensor cell) = inner.call(x[0], (x[1], x[2]));
                return [output, hidden, cell];
            })
            : layer;
    }

    private static nn.Module LongShortTermCell(Choice choice)
    {
        return Around.Of(nn.LSTMCell(Inputs, Hidden, choice.Flag("bias")), 3, (inner, x) =>
        {
            (Tensor hidden, Tensor state) = inner.call(x[0], (x[1], x[2]));
            return [hidden, state];
        });
    }

    private static nn.Module Gated(Choice choice) =>
        nn.GRU(Inputs, Hidden, choice.Number("layers"), choice.Flag("bias"), choice.Flag("batch_first"),
            bidirectional: choice.Flag("bidirectional"));

    private static nn.Module Plain(Choice choice) => nn.RNN(
        Inputs, Hidden, choice.Number("layers"), choice.Of<nn.NonLinearities>("nonlinearity"), choice.Flag("bias"),
        choice.Flag("batch_first"), bidirectional: choice.Flag("bidirectional"));

    private static ParityCase Sequence(Type type, Choice choice, int states, Func<Choice, nn.Module> create)
    {
        long steps = choice.Number("steps");
        ParityInput sequence = choice.Flag("batch_first")
            ? ParityInput.Normal(ParityInput.Batch, steps, Inputs)
            : ParityInput.Normal(steps, ParityInput.Batch, Inputs);
        ParityInput state = ParityInput.Normal(choice.Number("layers") * (choice.Flag("bidirectional") ? 2 : 1), ParityInput.Batch, Hidden);
        return Case(type, choice, states, () => create(choice), sequence, state);
    }

    private static ParityCase Step(Type type, Choice choice, int states, Func<nn.Module> create) =>
        Case(type, choice, states, create, ParityInput.Normal(ParityInput.Batch, Inputs), ParityInput.Normal(ParityInput.Batch, Hidden));

    private static ParityCase Case(Type type, Choice choice, int states, Func<nn.Module> create, ParityInput input, ParityInput state) =>
        new(type, choice.Unusual, create, [input, .. Enumerable.Repeat(state, choice.Flag("initial states") ? states : 0)])
        {
            Opsets = [(int)choice.Number("opset")],
        };
}
