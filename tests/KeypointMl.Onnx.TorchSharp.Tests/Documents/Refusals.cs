using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests.Documents;

/// <summary>What docs/exporter.md shows of the exporter's errors: each comes from an export that was refused.</summary>
internal static class Refusals
{
    public static string Describe()
    {
        manual_seed(7);
        var text = new StringBuilder("\n");
        Add(text, "An operation on a tensor, outside of modules", (net, x) => net.linear.call(x.exp()));
        Add(text, "A sum written with `+`", (net, x) => net.linear.call(x) + x);
        Add(text, "A change in place", (net, x) => net.linear.call(x).add_(1));
        Add(text, "`forward` in place of `call`", (net, x) => net.linear.forward(x));
        Add(text, "A module without a converter", (net, x) => net.others[0].call(x), new Swish());
        Add(text, "A module that ONNX has no counterpart for", (net, x) => net.others[0].call(x), nn.AdaptiveMaxPool3d([1, 1, 1]));
        Add(text, "A choice by the batch size", (net, x) => x.shape[0] > 2 ? net.others[0].call(x) : net.linear.call(x), nn.ReLU());
        Add(text, "A choice by the values of a tensor",
            (net, x) => x.sum().item<float>() > 0 ? net.others[0].call(x) : net.linear.call(x), nn.ReLU());
        Add(text, "Randomness in evaluation mode", (net, x) => net.others[0].call(x), new Noise());
        Add(text, "Names that do not fit", (net, x) => net.linear.call(x), new OnnxExportOptions { InputNames = ["image", "mask"] });
        Add(text, "A run-time size of an input that there is not", (net, x) => net.linear.call(x),
            new OnnxExportOptions { DynamicAxes = [new OnnxDynamicAxis("image", 2, "H")] });
        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, Func<Net, Tensor, Tensor> run, nn.Module<Tensor, Tensor>? other = null,
        [CallerArgumentExpression(nameof(run))] string code = "") => Add(text, what, run, new OnnxExportOptions(), other, code);

    private static void Add(StringBuilder text, string what, Func<Net, Tensor, Tensor> run, OnnxExportOptions options,
        [CallerArgumentExpression(nameof(run))] string code = "") => Add(text, what, run, options, null, code);

    private static void Add(StringBuilder text, string what, Func<Net, Tensor, Tensor> run, OnnxExportOptions options,
        nn.Module<Tensor, Tensor>? other, string code)
    {
        using var net = new Net(run, other);
        using Tensor example = linspace(0.1, 1.7, 8).reshape(2, 4);
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(net, example, options), what);
        string forward = code[(code.IndexOf("=>", StringComparison.Ordinal) + 2)..].Trim().Replace("net.", "", StringComparison.Ordinal);
        text.Append(CultureInfo.InvariantCulture, $"**{what}**: `{forward}`\n\n> {error.Message}\n\n");
    }

    internal sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Net, Tensor, Tensor> run;

        public Net(Func<Net, Tensor, Tensor> run, nn.Module<Tensor, Tensor>? other)
            : base("net")
        {
            this.run = run;
            others = nn.ModuleList<nn.Module<Tensor, Tensor>>(other is null ? [] : [other]);
            RegisterComponents();
        }

        // Named as in TorchSharp, where a field's name is the module's.
        internal readonly Linear linear = nn.Linear(4, 4);

        internal readonly ModuleList<nn.Module<Tensor, Tensor>> others;

        public override Tensor forward(Tensor x) => run(this, x);
    }

    private sealed class Swish() : nn.Module<Tensor, Tensor>("swish")
    {
        public override Tensor forward(Tensor x) => x * x.sigmoid();
    }

    private sealed class Noise() : nn.Module<Tensor, Tensor>("noise"), IOnnxExportable
    {
        public override Tensor forward(Tensor x) => x + randn_like(x);

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }
}
