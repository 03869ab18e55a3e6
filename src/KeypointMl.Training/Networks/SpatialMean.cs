using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>Replaces every feature map by its mean, at the same size: the release's pooling of the style code.</summary>
internal sealed class SpatialMean() : Module<Tensor, Tensor>(nameof(SpatialMean)), IOnnxExportable
{
    /// <summary>[N,C,H,W] → [N,C,H,W], constant over H and W.</summary>
    public override Tensor forward(Tensor features) => features.mean([2L, 3L], keepdim: true).expand_as(features);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string mean = context.Node("GlobalAveragePool", [inputs[0]]);
        return [context.Node("Expand", [mean, context.Node("Shape", [inputs[0]])])];
    }
}
