using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Poses.Geometry;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Heat maps → coordinates, per axis as in the authors' release: the mean of the map over the other axis → softmax over
/// the axis → expectation of linspace(−1,1). The confidence is beyond the paper: exp(−(σx²+σy²)/(2·s²)) with the
/// variances of the two distributions and s = <see cref="ConfidenceScale"/>.
/// </summary>
public sealed class SoftArgmax : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>, IOnnxExportable
{
    /// <summary>s, in [−1,1] units: a spread of this size gives a confidence of exp(−½).</summary>
    public const double ConfidenceScale = 0.25;

    /// <summary>Creates the operation; it has no weights.</summary>
    public SoftArgmax()
        : base(nameof(SoftArgmax))
    {
    }

    /// <summary>Heat maps [N,K,h,w] → keypoints [N,K,2] (x,y) in [−1,1] and confidence [N,K] in [0,1].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor heatmaps)
    {
        (Tensor x, Tensor varianceX) = Expectation(heatmaps.mean([2L]));
        (Tensor y, Tensor varianceY) = Expectation(heatmaps.mean([3L]));
        Tensor confidence = (-(varianceX + varianceY) / (2 * ConfidenceScale * ConfidenceScale)).exp();
        return (stack([x, y], dim: -1), confidence);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        long[] shape = context.InputShape(0);
        string lastAxis = context.Constant("last_axis", [-1L]);
        (string x, string varianceX) = Expectation(axis: 2, size: shape[3]);
        (string y, string varianceY) = Expectation(axis: 3, size: shape[2]);
        string keypoints = context.Node("Concat", [Unsqueezed(x), Unsqueezed(y)], ("axis", -1L));
        string spread = context.Node("Add", [varianceX, varianceY]);
        string exponent = context.Node("Mul", [spread, context.Scalar("scale", -1 / (2 * ConfidenceScale * ConfidenceScale))]);
        return [keypoints, context.Node("Exp", [exponent])];

        (string Mean, string Variance) Expectation(long axis, long size)
        {
            float[] grid = [.. Enumerable.Range(0, (int)size).Select(i => NormalizedCoordinates.FromPixel(i, (int)size))];
            string logits = context.Node("ReduceMean", ReduceInputs(axis), ReduceAttributes(axis));
            string probability = context.Node("Softmax", [logits], ("axis", -1L));
            string mean = Expected(probability, grid);
            string squares = Expected(probability, [.. grid.Select(value => value * value)]);
            return (mean, context.Node("Sub", [squares, context.Node("Mul", [mean, mean])]));
        }

        // ReduceMean takes its axes as an attribute up to opset 17 and as an input from 18 on.
        string[] ReduceInputs(long axis) => context.Opset < 18 ? [inputs[0]] : [inputs[0], context.Constant("axes", [axis])];

        (string Name, object Value)[] ReduceAttributes(long axis) =>
            context.Opset < 18 ? [("axes", new[] { axis }), ("keepdims", 0L)] : [("keepdims", 0L)];

        string Expected(string probability, float[] values) =>
            context.Node("ReduceSum", [context.Node("Mul", [probability, context.Constant("grid", values)]), lastAxis], ("keepdims", 0L));

        string Unsqueezed(string value) => context.Node("Unsqueeze", [value, lastAxis]);
    }

    private static (Tensor Mean, Tensor Variance) Expectation(Tensor logits)
    {
        Tensor probability = logits.softmax(-1); // [N,K,size]
        using Tensor grid = linspace(-1, 1, logits.shape[2], dtype: logits.dtype, device: logits.device);
        using Tensor squares = grid.square();
        Tensor mean = (probability * grid).sum(-1);
        return (mean, (probability * squares).sum(-1) - mean.square());
    }
}

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
