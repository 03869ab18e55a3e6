using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>Samples [N,C,H,W] at a grid [N,h,w,2] of coordinates in [−1,1]: <c>grid_sample</c> as a module. ONNX: GridSample.</summary>
/// <param name="name">The module's name.</param>
/// <param name="padding">What lies outside the input: zeros, the border's elements, or a reflection.</param>
/// <param name="alignCorners">Whether −1 and 1 are the centres of the corner elements (true) or their outer edges.</param>
/// <param name="mode">
/// Between the four elements around, or the nearest one. libtorch's third mode, bicubic, TorchSharp 0.107 does not
/// offer.
/// </param>
public sealed class GridSample(
    string name, GridSamplePaddingMode padding = GridSamplePaddingMode.Zeros, bool alignCorners = false,
    GridSampleMode mode = GridSampleMode.Bilinear)
    : nn.Module<Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor grid) => nn.functional.grid_sample(input, grid, mode, padding, alignCorners);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
    [
        context.Node(
            "GridSample",
            [.. inputs],
            ("align_corners", alignCorners),
            ("mode", mode == GridSampleMode.Nearest ? "nearest" : context.Opset >= 20 ? "linear" : "bilinear"),
            ("padding_mode", padding switch
            {
                GridSamplePaddingMode.Zeros => "zeros",
                GridSamplePaddingMode.Reflection => "reflection",
                _ => "border",
            })),
    ];
}
