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
        private readonly nn.Module<Tensor, Tensor> _inner;

        public Wrapper(nn.Module<Tensor, Tensor> inner)
            : base("wrapper")
        {
            _inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _inner.call(input);
    }

    public sealed class Lambda : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _inner;
        private readonly Func<Tensor, Tensor> _run;

        public Lambda(Func<Linear, Func<Tensor, Tensor>> run, Linear inner)
            : base("lambda")
        {
            _inner = inner;
            _run = run(inner);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _run(input);
    }

    public sealed class Doubling() : nn.Module<Tensor, Tensor>("doubling")
    {
        public override Tensor forward(Tensor input) => input * 2;
    }

    public sealed class InPlace : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _first = new Affine("first", 1, 1);
        private readonly nn.Module<Tensor, Tensor> _relu = nn.ReLU(inplace: true);
        private readonly Add _sum = new("sum");

        public InPlace()
            : base("in_place") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor hidden = _first.call(input);
            return _sum.call(_relu.call(hidden), hidden);
        }
    }

    public sealed class TwoByTwo : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly Add _sum = new("sum");

        public TwoByTwo()
            : base("two") => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor left, Tensor right) => (_sum.call(left, right), left);
    }

    public sealed class LearnedOffset : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _offset = nn.Parameter(randn(4));
        private readonly Add _add = new("add");

        public LearnedOffset()
            : base("offset") => RegisterComponents();

        public override Tensor forward(Tensor input) => _add.call(input, _offset);
    }

    public sealed class ByBatch : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _small = nn.ReLU();
        private readonly nn.Module<Tensor, Tensor> _large = nn.Tanh();

        public ByBatch()
            : base("by_batch") => RegisterComponents();

        public override Tensor forward(Tensor input) => input.shape[0] > 2 ? _large.call(input) : _small.call(input);
    }

    public sealed class BySign : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _positive = nn.ReLU();
        private readonly nn.Module<Tensor, Tensor> _negative = nn.Tanh();

        public BySign()
            : base("by_sign") => RegisterComponents();

        public override Tensor forward(Tensor input) => input.sum().ToSingle() > 0 ? _positive.call(input) : _negative.call(input);
    }

    public sealed class Noise() : nn.Module<Tensor, Tensor>("noise"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => input + randn_like(input);

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }

    public sealed class Counting() : nn.Module<Tensor, Tensor>("counting"), IOnnxExportable
    {
        private int _calls;

        public override Tensor forward(Tensor input) => input * ++_calls;

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }

    public sealed class Scaler() : nn.Module<Tensor, Tensor>("scaler"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => input * input.shape[1];

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
            [context.Node("Mul", [inputs[0], context.Constant("by", (float[])[context.InputShape(0)[1]])])];
    }
}
