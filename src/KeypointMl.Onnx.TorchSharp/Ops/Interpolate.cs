using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Resamples the spatial dimensions of [N,C,…] up or down: <c>interpolate</c> as a module, which <c>Upsample</c> is
/// too, for the modes that ONNX has. ONNX: Resize; Gather for nearest neighbours at factors that are not whole; for
/// areas the operators of adaptive average pooling.
/// </summary>
public sealed class Interpolate : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly Resampling how;

    private Interpolate(string name, Resampling how)
        : base(name) => this.how = how;

    /// <summary>Resamples by a factor for each spatial dimension.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="factors">What the sizes are multiplied by (and rounded down).</param>
    /// <param name="mode">Nearest, NearestExact, Area, Linear, Bilinear, Trilinear or Bicubic.</param>
    /// <param name="alignCorners">Whether the centres of the corner elements stay where they are; for the linear modes and Bicubic.</param>
    public static Interpolate By(string name, double[] factors, InterpolationMode mode, bool alignCorners = false) =>
        new(name, new Resampling(null, [.. factors], mode, alignCorners, RecomputeScale: false));

    /// <summary>Resamples to given spatial sizes.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="size">The new sizes.</param>
    /// <param name="mode">Nearest, NearestExact, Area, Linear, Bilinear, Trilinear or Bicubic.</param>
    /// <param name="alignCorners">Whether the centres of the corner elements stay where they are; for the linear modes and Bicubic.</param>
    public static Interpolate To(string name, long[] size, InterpolationMode mode, bool alignCorners = false) =>
        new(name, new Resampling([.. size], null, mode, alignCorners, RecomputeScale: false));

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Resizing.Apply(how, input);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [Resizing.Resize(context, inputs[0], how)];
}
