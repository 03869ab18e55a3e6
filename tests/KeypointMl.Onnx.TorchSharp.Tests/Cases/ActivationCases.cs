using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class ActivationCases
{
    private static readonly ParityInput Image = new long[] { 4, 5, 3 };

    public static CaseFamily Family { get; } = new(
        "Activations",
        [
            Case<ReLU>("plain", () => nn.ReLU()),
            Case<ReLU>("in place", () => nn.ReLU(inplace: true)),
            Case<LeakyReLU>("slope 0.2", () => nn.LeakyReLU(0.2)),
            Case<LeakyReLU>("in place", () => nn.LeakyReLU(0.3, inplace: true)),
            Case<RReLU>("default bounds", () => nn.RReLU()),
            Case<RReLU>("bounds 0.1 and 0.6", () => nn.RReLU(0.1, 0.6)),
            Case<ELU>("α 0.7", () => nn.ELU(0.7)),
            Case<ELU>("in place", () => nn.ELU(1, inplace: true)),
            Case<CELU>("α 0.7", () => nn.CELU(0.7)),
            Case<SELU>("plain", () => nn.SELU()),
            Case<PReLU>("one slope", () => nn.PReLU(1, 0.3)),
            Case<PReLU>("a slope per channel", () => Randomised.State(nn.PReLU(4))),
            new(typeof(PReLU), "a slope per channel, on a matrix", () => Randomised.State(nn.PReLU(4)), new long[] { 4 }),
            Case<Sigmoid>("plain", () => nn.Sigmoid()),
            Case<LogSigmoid>("plain", () => nn.LogSigmoid()),
            Case<Hardsigmoid>("plain", () => nn.Hardsigmoid()),
            Case<Tanh>("plain", () => nn.Tanh()),
            Case<Hardtanh>("in place, bounds −0.5 and 0.8", () => nn.Hardtanh(-0.5, 0.8, inplace: true)),
            Case<ReLU6>("plain", () =>
                nn.Sequential(("scale", new KeypointMl.Onnx.TorchSharp.Ops.Affine("scale", 5)), ("act", nn.ReLU6()))) with
            {
                Others = new HashSet<string> { "Mul" },
            },
            Case<Hardswish>("plain", () =>
                nn.Sequential(("scale", new KeypointMl.Onnx.TorchSharp.Ops.Affine("scale", 3)), ("act", nn.Hardswish()))) with
            {
                Others = new HashSet<string> { "Mul" },
            },
            Case<Softsign>("plain", () => nn.Softsign()),
            Case<Hardshrink>("λ 0.4", () => nn.Hardshrink(0.4)),
            Case<Softshrink>("λ 0.4", () => nn.Softshrink(0.4)),
            Case<Softmax>("over channels", () => nn.Softmax(1)),
            Case<Softmax>("over the last dimension", () => nn.Softmax(-1)),
            Case<Softmax2d>("plain", () => nn.Softmax2d()),
            Case<Softmin>("over rows", () => nn.Softmin(2)),
            Case<LogSoftmax>("over channels", () => nn.LogSoftmax(1)),
            Case<SiLU>("plain", () => nn.SiLU()),
            Case<GELU>("exact", () => nn.GELU()),
            Case<GELU>("by tanh", () => nn.GELU(GELU.Approximate.tanh)),
            Case<Mish>("plain", () => nn.Mish()),
            Case<Softplus>("default", () => nn.Softplus()),
            Case<Softplus>("β 2, threshold 1", () => nn.Softplus(2, 1)),
            Case<Tanhshrink>("plain", () => nn.Tanhshrink()),
            Case<Threshold>("0.2 and −3", () => nn.Threshold(0.2, -3)),
            Case<GLU>("over channels", () => nn.GLU(1)),
            new(typeof(GLU), "over the last dimension", () => nn.GLU(-1), new long[] { 4, 6 }),
        ],
        [],
        [
            // TorchSharp 0.107 returns the input; when a later version clamps, this becomes a case.
            new(typeof(Hardtanh), "not in place", () => nn.Hardtanh(), new long[] { 2 }),
        ]);

    private static ParityCase Case<TModule>(string options, Func<nn.Module> create) => new(typeof(TModule), options, create, Image);
}
