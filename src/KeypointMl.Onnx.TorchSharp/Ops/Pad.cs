using System.Collections.Immutable;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Adds elements around a tensor, or takes some away: <c>torch.nn.functional.pad</c> as a module. ONNX: Pad; circular
/// before opset 19: Slice and Concat.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="padding">Pairs (before, after), from the last dimension to the first; negative takes elements away.</param>
/// <param name="mode">What the new elements are: Constant, Reflect, Replicate or Circular.</param>
/// <param name="value">The new elements of mode Constant.</param>
public sealed class Pad(
    string name,
    long[] padding,
    PaddingModes mode = PaddingModes.Constant,
    double value = 0) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>Pairs (before, after), from the last dimension to the first.</summary>
    public ImmutableArray<long> Padding { get; } = [.. padding];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.pad(input, [.. Padding], mode, value);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [PaddingConverters.Pad(context, inputs[0], mode, [.. Padding], value)];
}
