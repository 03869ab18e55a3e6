using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Max pooling of [N,C,…] with one to three spatial dimensions that also tells where each maximum was, as
/// <c>MaxUnpool</c> needs it: an index into the flattened spatial dimensions (64-bit integers). ONNX: MaxPool with two
/// outputs, and Mod, since ONNX counts through the whole tensor.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="kernel">The window's size, for every spatial dimension; those of the input must be fixed.</param>
/// <param name="stride">How far it moves; as far as it is large by default.</param>
/// <param name="padding">How far it reaches out at either end; 0 by default.</param>
public sealed class MaxPoolWithIndices(string name, long[] kernel, long[]? stride = null, long[]? padding = null)
    : nn.Module<Tensor, (Tensor Values, Tensor Indices)>(name), IOnnxExportable
{
    private readonly Window window = Window.Of([.. kernel], stride, padding, null, ceilMode: false);

    /// <summary>The window's size.</summary>
    public ImmutableArray<long> Kernel => [.. window.Kernel];

    /// <inheritdoc/>
    public override (Tensor Values, Tensor Indices) forward(Tensor input) => window.Kernel.Length switch
    {
        1 => nn.functional.max_pool1d_with_indices(input, window.Kernel[0], window.Stride[0], window.Padding[0]),
        2 => nn.functional.max_pool2d_with_indices(input, window.Kernel, window.Stride, window.Padding),
        3 => nn.functional.max_pool3d_with_indices(input, window.Kernel, window.Stride, window.Padding),
        _ => throw new InvalidOperationException($"{GetName()} has a window of {window.Kernel.Length} dimensions; expected 1 to 3."),
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        OnnxDimension[] spatial = [.. context.InputDimensions(0).Skip(2)];
        if (!spatial.All(size => size.IsFixed))
            throw context.Error($"its indices count through [{string.Join(',', spatial)}], which is open at run time. Fix these sizes.");
        string[] pooled = PoolingConverters.MaxPool(context, inputs[0], window, outputs: 2);
        long plane = spatial.Aggregate(1L, (product, size) => product * size.Value!.Value);
        return [pooled[0], context.Node("Mod", [pooled[1], context.Scalar("plane", plane)])];
    }
}
