using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Small networks that the tracer must follow or refuse.</summary>
internal static class TracerModules
{
    public sealed class Wrapper : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;

        public Wrapper(nn.Module<Tensor, Tensor> inner)
            : base("wrapper")
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.call(input);
    }

    public sealed class Lambda : nn.Module<Tensor, Tensor>
    {
        private readonly Linear inner;
        private readonly Func<Tensor, Tensor> run;

        public Lambda(Func<Linear, Func<Tensor, Tensor>> run, Linear inner)
            : base("lambda")
        {
            this.inner = inner;
            this.run = run(inner);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => run(input);
    }

    public sealed class Doubling() : nn.Module<Tensor, Tensor>("doubling")
    {
        public override Tensor forward(Tensor input) => input * 2;
    }

    public sealed class InPlace : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first = new Affine("first", 1, 1);
        private readonly nn.Module<Tensor, Tensor> relu = nn.ReLU(inplace: true);
        private readonly Add sum = new("sum");

        public InPlace()
            : base("in_place") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor hidden = first.call(input);
            return sum.call(relu.call(hidden), hidden);
        }
    }

    public sealed class TwoByTwo : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly Add sum = new("sum");

        public TwoByTwo()
            : base("two") => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor left, Tensor right) => (sum.call(left, right), left);
    }

    public sealed class LearnedOffset : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter offset = nn.Parameter(randn(4));
        private readonly Add add = new("add");

        public LearnedOffset()
            : base("offset") => RegisterComponents();

        public override Tensor forward(Tensor input) => add.call(input, offset);
    }

    public sealed class ByBatch : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> small = nn.ReLU();
        private readonly nn.Module<Tensor, Tensor> large = nn.Tanh();

        public ByBatch()
            : base("by_batch") => RegisterComponents();

        public override Tensor forward(Tensor input) => input.shape[0] > 2 ? large.call(input) : small.call(input);
    }

    public sealed class BySign : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> positive = nn.ReLU();
        private readonly nn.Module<Tensor, Tensor> negative = nn.Tanh();

        public BySign()
            : base("by_sign") => RegisterComponents();

        public override Tensor forward(Tensor input) => input.sum().ToSingle() > 0 ? positive.call(input) : negative.call(input);
    }

    public sealed class Noise() : nn.Module<Tensor, Tensor>("noise"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => input + randn_like(input);

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }

    public sealed class Counting() : nn.Module<Tensor, Tensor>("counting"), IOnnxExportable
    {
        private int calls;

        public override Tensor forward(Tensor input) => input * ++calls;

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }

    public sealed class Scaler() : nn.Module<Tensor, Tensor>("scaler"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => input * input.shape[1];

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
            [context.Node("Mul", [inputs[0], context.Constant("by", (float[])[context.InputShape(0)[1]])])];
    }
}
