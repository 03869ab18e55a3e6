using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>The generator's output: float32 [N,3,H,W] in [−1,1] → uint8 [N,H,W,3], clamped and rounded to the nearest (ties to even).</summary>
internal sealed class ImageOutput() : Module<Tensor, Tensor>(nameof(ImageOutput)), IOnnxExportable
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
