using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>An operation on two tensors whose shapes broadcast, as a module, so that the exporter sees it.</summary>
public abstract class BinaryOperation : nn.Module<Tensor, Tensor, Tensor>, IOnnxExportable
{
    private readonly string _opType;

    private protected BinaryOperation(string name, string opType)
        : base(name) => _opType = opType;

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        context.InputType(0) == context.InputType(1)
            ? [context.Node(_opType, [.. inputs])]
            : throw context.Error($"its inputs have element types {context.InputType(0)} and {context.InputType(1)}; ONNX does not convert one into the other. Convert before.");
}
