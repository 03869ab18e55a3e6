using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests.Onnx;

[TestClass]
public sealed class ActivationConverterTests
{
    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> _activations = new()
    {
        ["ReLU"] = () => nn.ReLU(),
        ["ReLU in place"] = () => nn.ReLU(inplace: true),
        ["LeakyReLU"] = () => nn.LeakyReLU(0.2),
        ["RReLU"] = () => nn.RReLU(),
        ["ELU"] = () => nn.ELU(0.7),
        ["CELU"] = () => nn.CELU(0.7),
        ["SELU"] = () => nn.SELU(),
        ["PReLU of one slope"] = () => nn.PReLU(1, 0.3),
        ["PReLU of a slope per channel"] = () => Randomised.State(nn.PReLU(4)),
        ["Sigmoid"] = () => nn.Sigmoid(),
        ["LogSigmoid"] = () => nn.LogSigmoid(),
        ["Hardsigmoid"] = () => nn.Hardsigmoid(),
        ["Tanh"] = () => nn.Tanh(),
        ["Hardtanh in place"] = () => nn.Hardtanh(-0.5, 0.8, inplace: true),
        ["ReLU6"] = () => nn.ReLU6(),
        ["Hardswish"] = () => nn.Hardswish(),
        ["Softsign"] = () => nn.Softsign(),
        ["Hardshrink"] = () => nn.Hardshrink(0.4),
        ["Softshrink"] = () => nn.Softshrink(0.4),
        ["Softmax"] = () => nn.Softmax(1),
        ["Softmax of the last"] = () => nn.Softmax(-1),
        ["Softmax2d"] = () => nn.Softmax2d(),
        ["Softmin"] = () => nn.Softmin(2),
        ["LogSoftmax"] = () => nn.LogSoftmax(1),
        ["SiLU"] = () => nn.SiLU(),
        ["GELU"] = () => nn.GELU(),
        ["GELU by tanh"] = () => nn.GELU(TorchSharp.Modules.GELU.Approximate.tanh),
        ["Mish"] = () => nn.Mish(),
        ["Softplus"] = () => nn.Softplus(),
        ["Softplus with a threshold"] = () => nn.Softplus(2, 1),
        ["Tanhshrink"] = () => nn.Tanhshrink(),
        ["Threshold"] = () => nn.Threshold(0.2, -3),
        ["GLU"] = () => nn.GLU(1),
    };

    public static IEnumerable<object[]> Names => _activations.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Activation_agrees_at_opset_17_and_20(string name)
    {
        manual_seed(20);
        using nn.Module<Tensor, Tensor> module = _activations[name]();
        Parity.Check(module, [4, 5, 3]);
        Parity.Check(module, new OnnxExportOptions { Opset = 20 }, Parity.Tolerance, [4, 6, 7]);
    }

    [TestMethod]
    public void Hardtanh_that_does_not_clamp_is_refused()
    {
        // TorchSharp 0.107 returns the input; when a later version clamps, this module joins the list above.
        using var module = nn.Sequential(("act", nn.Hardtanh()));
        StringAssert.Contains(Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, randn(1, 2))).Message, "'act'");
    }
}
