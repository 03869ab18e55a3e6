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
    private readonly nn.Module<Tensor, Tensor> _block;
    private readonly string _path;
    private readonly Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> _forward;
    private readonly ModuleTracer _tracer;
    private readonly Stack<Tensor?> _arguments = [];

    /// <summary>Hooks the block.</summary>
    public ReplacedForward(
        nn.Module<Tensor, Tensor> block, string path, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor> forward, ModuleTracer tracer)
    {
        (_block, _path, _forward, _tracer) = (block, path, forward, tracer);
        Action before = block.register_forward_pre_hook((_, argument) => Before(argument)).remove;
        Action after = block.register_forward_hook((_, _, result) => After(result)).remove;
        Unhook = before + after;
    }

    /// <summary>Removes the hooks.</summary>
    public Action Unhook { get; }

    private Tensor Before(Tensor argument)
    {
        _arguments.Push(_tracer.IsInsideStep ? null : argument);
        if (_tracer.IsInsideStep)
            return argument;
        DenseTensor.Require(argument, $"{TracedCall.Describe(_block, _path)} received");
        _tracer.BeginUnseen(_block, _path, argument);
        return argument.clone();
    }

    private Tensor After(Tensor own)
    {
        if (_arguments.Pop() is not { } argument)
            return own;
        _tracer.EndUnseen();
        Tensor result = _forward(_block, argument);
        DenseTensor.Require(own, $"{TracedCall.Describe(_block, _path)} gives");
        DenseTensor.Require(result, $"The forward registered for {_block.GetType().Name} gives");
        if (!own.shape.AsSpan().SequenceEqual(result.shape) || !ContentDigest.Of(own).Agrees(ContentDigest.Of(result)))
        {
            throw new OnnxExportException(
                $"{TracedCall.Describe(_block, _path)} gives other values by the forward registered for it "
                + $"({nameof(OnnxConverterRegistry)}.{nameof(OnnxConverterRegistry.WithForward)}) than by its own. "
                + "Register one that computes the same.");
        }
        _tracer.EndBlock(_block, result, unused: own);
        return result;
    }
}
