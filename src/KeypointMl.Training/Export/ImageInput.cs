using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>The graphs' image input: uint8 [N,H,W,3] RGB → float32 [N,3,H,W] in [−1,1], v/127.5 − 1. Preprocessing lives in the graph.</summary>
internal sealed class ImageInput() : Module<Tensor, Tensor>(nameof(ImageInput)), IOnnxExportable
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
