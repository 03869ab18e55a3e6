using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Training.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Heat maps → coordinates by one soft-argmax over the whole map (integral regression, Sun et al. 2018): softmax over
/// all cells with a learnt sharpness, then the expectation of the cells' coordinates. Unlike <see cref="SoftArgmax"/>,
/// which reads each axis by itself, it can follow a keypoint that the mean of a row or column does not show. The
/// confidence is that of <see cref="SoftArgmax"/>: exp(−(σx²+σy²)/(2·s²)) with the variances of the distribution.
/// </summary>
internal sealed class HeatmapExpectation : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>, IOnnxExportable
{
    private readonly int stride;
    private readonly Parameter sharpness; // the logarithm of what logits are multiplied by

    /// <param name="stride">How many pixels of the image a cell is wide and high.</param>
    public HeatmapExpectation(int stride)
        : base(nameof(HeatmapExpectation))
    {
        this.stride = stride;
        sharpness = Parameter(ones(1, device: DeviceTensors.Cpu));
        RegisterComponents();
    }

    /// <summary>Logits [N,K,h,w] → keypoints [N,K,2] (x,y) in [−1,1] of the image and confidence [N,K] in [0,1].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor logits)
    {
        Tensor moments = matmul(Distribution(logits), Moments(logits)); // [N,K,4]: x, y, x², y²
        Tensor keypoints = moments.narrow(2, 0, 2);
        Tensor variance = (moments.narrow(2, 2, 2) - keypoints.square()).sum(-1);
        return (keypoints, (variance * Exponent).exp());
    }

    /// <summary>Logits [N,K,h,w] → the probability of every cell, [N,K,h·w].</summary>
    internal Tensor Distribution(Tensor logits) => (logits.flatten(2) * sharpness.exp()).softmax(-1);

    /// <summary>The logarithm of <see cref="Distribution"/>.</summary>
    internal Tensor LogDistribution(Tensor logits) => functional.log_softmax(logits.flatten(2) * sharpness.exp(), -1);

    /// <summary>The cells' centres [h·w,2] in [−1,1] of the image.</summary>
    internal Tensor Cells(Tensor logits) => Moments(logits).narrow(1, 0, 2);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        long[] shape = context.InputShape(0);
        (long keypoints, long height, long width) = (shape[1], shape[2], shape[3]);
        string flat = context.Node("Reshape", [inputs[0], context.Constant("flat", [-1L, keypoints, height * width])]);
        string sharp = context.Node("Mul", [flat, context.Scalar("sharpness", Math.Exp(DeviceReads.Singles(sharpness)[0]))]);
        string probability = context.Node("Softmax", [sharp], ("axis", -1L));
        string moments = context.Node("MatMul", [probability, context.Constant("cells", Moments(height, width), height * width, 4)]);
        string[] parts = context.Node("Split", [moments, context.Constant("split", [2L, 2L])], 2, ("axis", 2L));
        string variances = context.Node("Sub", [parts[1], context.Node("Mul", [parts[0], parts[0]])]);
        string variance = context.Node("ReduceSum", [variances, context.Constant("last_axis", [-1L])], ("keepdims", 0L));
        return [parts[0], context.Node("Exp", [context.Node("Mul", [variance, context.Scalar("scale", Exponent)])])];
    }

    private const double Exponent = -1 / (2 * SoftArgmax.ConfidenceScale * SoftArgmax.ConfidenceScale);

    private Tensor Moments(Tensor logits) =>
        tensor(Moments(logits.shape[2], logits.shape[3]), [logits.shape[2] * logits.shape[3], 4], device: DeviceTensors.Cpu)
        .OnDevice(logits.device);

    private float[] Moments(long height, long width)
    {
        var values = new float[height * width * 4];
        for (int row = 0, i = 0; row < height; row++)
        {
            float y = Coordinate(row, height);
            for (int column = 0; column < width; column++)
            {
                float x = Coordinate(column, width);
                (values[i++], values[i++], values[i++], values[i++]) = (x, y, x * x, y * y);
            }
        }
        return values;
    }

    /// <summary>A cell's centre is at pixel (cell + ½)·stride − ½ of an image of cells·stride pixels.</summary>
    private float Coordinate(int cell, long cells) => (float)(2 * ((cell + 0.5) * stride - 0.5) / (cells * stride - 1) - 1);
}
