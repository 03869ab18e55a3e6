using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// Runs another forward in place of a block's own, whose operations the tracer cannot see. The block's own runs first,
/// unseen and on a copy of its argument, since it may work in place; both must give the same.
/// </summary>
internal sealed class ReplacedForward
{
    private readonly nn.Module<Tensor, Tensor> block;
    private readonly string path;
    private readonly Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> forward;
    private readonly ModuleTracer tracer;
    private readonly Stack<Tensor?> arguments = [];

    /// <summary>Hooks the block.</summary>
    public ReplacedForward(
        nn.Module<Tensor, Tensor> block, string path, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> forward, ModuleTracer tracer)
    {
        (this.block, this.path, this.forward, this.tracer) = (block, path, forward, tracer);
        Action before = block.register_forward_pre_hook((_, argument) => Before(argument)).remove;
        Action after = block.register_forward_hook((_, _, result) => After(result)).remove;
        Unhook = before + after;
    }

    /// <summary>Removes the hooks.</summary>
    public Action Unhook { get; }

    private Tensor Before(Tensor argument)
    {
        arguments.Push(tracer.IsInsideStep ? null : argument);
        if (tracer.IsInsideStep)
            return argument;
        DenseTensor.Require(argument, $"{TracedCall.Describe(block, path)} received");
        tracer.BeginUnseen(block, path, argument);
        return argument.clone();
    }

    private Tensor After(Tensor own)
    {
        if (arguments.Pop() is not { } argument)
            return own;
        tracer.EndUnseen();
        Tensor result = forward(block, argument);
        DenseTensor.Require(own, $"{TracedCall.Describe(block, path)} gives");
        DenseTensor.Require(result, $"The forward registered for {block.GetType().Name} gives");
        if (!Agree(own, result) && !LibTorchSwitches.WithoutOneDnn(() => AgreesAgain(argument)))
        {
            throw new OnnxExportException(
                $"{TracedCall.Describe(block, path)} gives other values by the forward registered for it "
                + $"({nameof(OnnxConverterRegistry)}.{nameof(OnnxConverterRegistry.WithForward)}) than by its own. "
                + "Register one that computes the same.");
        }
        tracer.EndBlock(block, result, unused: own);
        return result;
    }

    private bool AgreesAgain(Tensor argument) =>
        tracer.Unseen(() => Agree(block.call(argument.clone()), forward(block, argument.clone())));

    private static bool Agree(Tensor own, Tensor result) =>
        own.shape.AsSpan().SequenceEqual(result.shape) && ContentDigest.Of(own).Agrees(ContentDigest.Of(result));
}
