using KeypointMl.Onnx.TorchSharp.Exporting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>An input of a case.</summary>
/// <param name="Shape">Its shape, in which −1 stands for the batch.</param>
/// <param name="Fill">Makes it of a shape.</param>
internal sealed record ParityInput(long[] Shape, Func<long[], Tensor> Fill)
{
    /// <summary>Stands for the batch in a shape.</summary>
    public const long Batch = -1;

    /// <summary>Normally distributed numbers, behind the batch.</summary>
    public static implicit operator ParityInput(long[] shape) => Normal([Batch, .. shape]);

    public static ParityInput Normal(params long[] shape) => new(shape, size => randn(size));

    public static ParityInput Positive(params long[] shape) => new(shape, size => rand(size) + 0.1);

    public static ParityInput Double(params long[] shape) => new(shape, size => randn(size, ScalarType.Float64));

    public static ParityInput Below(long end, params long[] shape) => new(shape, size => randint(0, end, size, ScalarType.Int64));

    public static ParityInput Bool(params long[] shape) => new(shape, size => rand(size).gt(0.5));

    /// <summary>A mask that leaves at least the first element of the last dimension alone.</summary>
    public static ParityInput Mask(params long[] shape) => new(shape, size => rand(size).gt(0.5).logical_and(arange(size[^1]).gt(0)));

    /// <summary>The input at a batch size.</summary>
    public Tensor Make(long batch) => Fill([.. Shape.Select(size => size == Batch ? batch : size)]);

    /// <summary>The axes that the batch is, for the exporter.</summary>
    public IEnumerable<OnnxDynamicAxis> Axes(string name) =>
        Shape.Select((size, axis) => (size, axis)).Where(pair => pair.size == Batch)
        .Select(pair => new OnnxDynamicAxis(name, pair.axis, "N"));
}
