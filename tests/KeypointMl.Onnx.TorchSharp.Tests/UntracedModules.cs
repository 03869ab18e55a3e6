using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static KeypointMl.Onnx.TorchSharp.Tests.TracerModules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Networks as people write them, with operations that the tracer cannot see.</summary>
internal static class UntracedModules
{
    internal sealed class Classifier : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly Conv2d second = nn.Conv2d(8, 8, 3, padding: 1);
        private readonly Linear head = nn.Linear(8 * 8 * 8, 10);

        public Classifier()
            : base("classifier") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = F.max_pool2d(F.relu(first.call(input)), 2);
            return head.call(F.relu(second.call(x)).flatten(1));
        }
    }

    internal sealed class Hourglass : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d down = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly Conv2d middle = nn.Conv2d(8, 6, 3, padding: 1);
        private readonly MaxPool2d pool = nn.MaxPool2d(2);
        private readonly Conv2d up = nn.Conv2d(6, 4, 3, padding: 1);
        private readonly bool functional;

        public Hourglass(bool pool)
            : base("hourglass")
        {
            functional = pool;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor wide = down.call(input);
            Tensor narrow = middle.call(functional ? F.max_pool2d(wide, 2) : pool.call(wide));
            return cat([up.call(F.interpolate(narrow, scale_factor: [2, 2])), wide], 1);
        }
    }

    internal sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d body;

        public Residual(long channels)
            : base("residual")
        {
            body = nn.Conv2d(channels, channels, 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => (body.call(input) + input).relu();
    }

    internal sealed class Join : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d one = nn.Conv2d(4, 6, 1);
        private readonly Conv2d two = nn.Conv2d(4, 5, 3, padding: 1);

        public Join()
            : base("join") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor one = this.one.call(input);
            return cat([one, two.call(input), one], 1);
        }
    }

    internal sealed class Caller : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> called = new Wrapper(nn.Conv2d(3, 3, 1));

        public Caller()
            : base("caller") => RegisterComponents();

        public override Tensor forward(Tensor input) => called.call(input.sigmoid());
    }

    internal sealed class Opaque(Func<Tensor, Tensor> run) : nn.Module<Tensor, Tensor>("opaque"), IOnnxExportable
    {
        public override Tensor forward(Tensor input) => run(input);

        public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => inputs;
    }
}
