using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Samples [N,C,H,W] bilinearly at a grid [N,h,w,2] of coordinates in [−1,1]: <c>grid_sample</c> as a module. ONNX: GridSample.</summary>
/// <param name="name">The module's name.</param>
/// <param name="padding">What lies outside the input: zeros, the border's elements, or a reflection.</param>
/// <param name="alignCorners">Whether −1 and 1 are the centres of the corner elements (true) or their outer edges.</param>
public sealed class GridSample(string name, GridSamplePaddingMode padding = GridSamplePaddingMode.Zeros, bool alignCorners = false)
    : nn.Module<Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor grid) => nn.functional.grid_sample(input, grid, GridSampleMode.Bilinear, padding, alignCorners);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
    [
        context.Node(
            "GridSample",
            [.. inputs],
            ("align_corners", alignCorners),
            ("mode", context.Opset >= 20 ? "linear" : "bilinear"),
            ("padding_mode", padding switch
            {
                GridSamplePaddingMode.Zeros => "zeros",
                GridSamplePaddingMode.Reflection => "reflection",
                _ => "border",
            })),
    ];
}
