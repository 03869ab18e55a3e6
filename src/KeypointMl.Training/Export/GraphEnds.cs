using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Poses.Geometry;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Export;

/// <summary>
/// The graphs' image input: uint8 [N,H,W,3] RGB → float32 [N,3,H,W] in [−1,1], v/127.5 − 1. Preprocessing lives in the
/// graph.
/// </summary>
internal sealed class ImageInputNodes() : Module<Tensor, Tensor>(nameof(ImageInputNodes)), IOnnxExportable
{
    public override Tensor forward(Tensor image) => image.to(ScalarType.Float32).div(127.5).sub(1).permute(0, 3, 1, 2);

    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string values = context.Node("Cast", [inputs[0]], ("to", 1L));
        string scaled = context.Node("Div", [values, context.Scalar("half_range", 127.5)]);
        string centred = context.Node("Sub", [scaled, context.Scalar("unit", 1.0)]);
        return [context.Node("Transpose", [centred], ("perm", new[] { 0L, 3L, 1L, 2L }))];
    }
}

/// <summary>
/// The generator's output: float32 [N,3,H,W] in [−1,1] → uint8 [N,H,W,3], clamped and rounded to the nearest (ties to
/// even).
/// </summary>
internal sealed class ImageOutputNodes() : Module<Tensor, Tensor>(nameof(ImageOutputNodes)), IOnnxExportable
{
    public override Tensor forward(Tensor image) => image.permute(0, 2, 3, 1).add(1).mul(127.5).clamp(0, 255).round().to(ScalarType.Byte);

    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string rows = context.Node("Transpose", [inputs[0]], ("perm", new[] { 0L, 2L, 3L, 1L }));
        string shifted = context.Node("Add", [rows, context.Scalar("unit", 1.0)]);
        string scaled = context.Node("Mul", [shifted, context.Scalar("half_range", 127.5)]);
        string clamped = context.Node("Clip", [scaled, context.Scalar("zero", 0.0), context.Scalar("full", 255.0)]);
        return [context.Node("Cast", [context.Node("Round", [clamped])], ("to", 2L))];
    }
}

/// <summary>
/// Keypoints [N,K,2] between the networks' [−1,1] and pixels of a W×H image, inside the graph: a scale and a shift per
/// axis, taken from <see cref="NormalizedCoordinates"/>.
/// </summary>
internal sealed class CoordinateScale : Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly float[] scale;
    private readonly float[] shift;

    private CoordinateScale(float[] scale, float[] shift)
        : base(nameof(CoordinateScale))
    {
        this.scale = scale;
        this.shift = shift;
    }

    public static CoordinateScale ToPixels(int width, int height)
    {
        float[] shift = [NormalizedCoordinates.ToPixel(0, width), NormalizedCoordinates.ToPixel(0, height)];
        return new CoordinateScale(
            [NormalizedCoordinates.ToPixel(1, width) - shift[0], NormalizedCoordinates.ToPixel(1, height) - shift[1]], shift);
    }

    public static CoordinateScale FromPixels(int width, int height)
    {
        float[] shift = [NormalizedCoordinates.FromPixel(0, width), NormalizedCoordinates.FromPixel(0, height)];
        return new CoordinateScale(
            [NormalizedCoordinates.FromPixel(1, width) - shift[0], NormalizedCoordinates.FromPixel(1, height) - shift[1]], shift);
    }

    public override Tensor forward(Tensor keypoints) =>
        keypoints * tensor(scale, device: DeviceTensors.Cpu) + tensor(shift, device: DeviceTensors.Cpu);

    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string scaled = context.Node("Mul", [inputs[0], context.Constant("scale", scale)]);
        return [context.Node("Add", [scaled, context.Constant("shift", shift)])];
    }
}
