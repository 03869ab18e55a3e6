using KeypointMl.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>
/// What modules compute, for comparison with their graphs. On some processors oneDNN gets LSTMs and convolutions wrong
/// (docs/numerics.md), so the reference runs without it, and before its first use the kinds of layers that were seen to
/// go wrong are compared with the same layers in double precision, which never go through oneDNN.
/// </summary>
internal static class Reference
{
    // 32-bit sums of the layers checked are right to some 1e-6.
    private const double Tolerance = 1e-5;

    private static readonly Lazy<string[]> WrongLayersTable = new(() => WrongLayers(Evaluate));

    // Channels and features that fill a vector register, and such that leave a tail.
    private static readonly (string Name, Func<nn.Module> Create, long[] Input)[] Layers =
    [
        ("LSTM", () => nn.LSTM(5, 7, 2, bidirectional: true), [4, 3, 5]),
        ("LSTM, wide", () => nn.LSTM(32, 64), [6, 2, 32]),
        ("GRU", () => nn.GRU(5, 7, 2, bidirectional: true), [4, 3, 5]),
        ("RNN", () => nn.RNN(5, 7, 2, bidirectional: true), [4, 3, 5]),
        ("Conv1d", () => nn.Conv1d(3, 11, 3, padding: 1), [2, 3, 17]),
        ("Conv2d", () => nn.Conv2d(3, 11, 3, padding: 1), [2, 3, 9, 13]),
        ("Conv2d, wide", () => nn.Conv2d(32, 64, 3, stride: 2), [1, 32, 16, 16]),
        ("Conv2d, depthwise", () => nn.Conv2d(24, 24, 3, padding: 1, groups: 24), [2, 24, 8, 8]),
        ("Conv3d", () => nn.Conv3d(3, 11, 3, padding: 1), [2, 3, 5, 6, 7]),
        ("ConvTranspose1d", () => nn.ConvTranspose1d(6, 11, 3, stride: 2), [2, 6, 9]),
        ("ConvTranspose2d", () => nn.ConvTranspose2d(6, 11, 3, stride: 2), [2, 6, 7, 9]),
        ("ConvTranspose3d", () => nn.ConvTranspose3d(6, 11, 3, stride: 2), [2, 6, 3, 4, 5]),
        ("Linear", () => nn.Linear(37, 11), [5, 37]),
        ("TransformerEncoderLayer", () => nn.TransformerEncoderLayer(12, 3, 20), [4, 2, 12]),
    ];

    /// <summary>What a module gives in evaluation mode; its mode is restored.</summary>
    /// <exception cref="AssertFailedException">libtorch's own kernels are wrong on this processor, so that there is no
    /// reference.</exception>
    public static Tensor[] Of(nn.Module module, Tensor[] inputs)
    {
        Assert.IsEmpty(
            WrongLayersTable.Value, "libtorch computes these wrongly on this processor without oneDNN too, and cannot be the reference");
        return Evaluate(module, inputs);
    }

    /// <summary>The layers that differ between an evaluation in 32-bit floats and libtorch in double precision.</summary>
    /// <param name="evaluate">The evaluation.</param>
    public static string[] WrongLayers(Func<nn.Module, Tensor[], Tensor[]> evaluate)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor random = get_rng_state();
        try
        {
            manual_seed(3);
            return [.. Layers.Where(layer => !IsRight(layer.Create, randn(layer.Input), evaluate)).Select(layer => layer.Name)];
        }
        finally
        {
            set_rng_state(random);
        }
    }

    private static bool IsRight(Func<nn.Module> create, Tensor input, Func<nn.Module, Tensor[], Tensor[]> evaluate)
    {
        using nn.Module layer = create();
        using nn.Module twin = create();
        twin.load_state_dict(layer.state_dict());
        twin.to(ScalarType.Float64);
        Tensor[] wanted = Evaluate(twin, [input.to_type(ScalarType.Float64)]);
        Tensor[] found = evaluate(layer, [input]);
        return Difference.Between(
            wanted, [.. found.Select(tensor => tensor.to_type(ScalarType.Float64))], "reference").Relative <= Tolerance;
    }

    private static Tensor[] Evaluate(nn.Module module, Tensor[] inputs)
    {
        bool training = module.training;
        bool before = LibTorchSwitches.OneDnn;
        module.eval();
        LibTorchSwitches.UseOneDnn(false);
        try
        {
            using (no_grad())
                return ModuleCall.Invoke(module, inputs);
        }
        finally
        {
            LibTorchSwitches.UseOneDnn(before);
            module.train(training);
        }
    }
}
