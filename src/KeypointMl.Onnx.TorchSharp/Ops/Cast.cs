using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Converts a tensor to another element type: <c>to</c> as a module. ONNX: Cast.</summary>
/// <param name="name">The module's name.</param>
/// <param name="type">The element type; one that ONNX has.</param>
public sealed class Cast(string name, ScalarType type) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The element type.</summary>
    public ScalarType Type { get; } = type;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.to_type(Type);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [context.Node("Cast", [inputs[0]], ("to", ElementTypes.ToOnnx(Type)))];
}
