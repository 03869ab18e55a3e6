using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Calibration;

/// <summary>
/// Turns a detector's confidences into probabilities, each keypoint by its own curve: σ(a + b·u) with u = ln(−ln c),
/// which for a soft-argmax's c = exp(−v/2s²) is the logarithm of the heat map's variance v but for a constant. What a
/// and b are is fitted (<see cref="ConfidenceCalibration"/>).
/// </summary>
internal sealed class ConfidenceCalibrator : Module<Tensor, Tensor>, IOnnxExportable
{
    // Both can be told from 0 and 1 in 16-bit floats too.
    private const double LowestConfidence = 1e-4;
    private const double LowestSpread = 1e-4;

    private readonly Tensor intercept; // [K]
    private readonly Tensor slope;     // [K]

    /// <param name="curves">One per keypoint.</param>
    public ConfidenceCalibrator(IReadOnlyList<ConfidenceCurve> curves)
        : base(nameof(ConfidenceCalibrator))
    {
        intercept = tensor([.. curves.Select(curve => (float)curve.Intercept)], device: DeviceTensors.Cpu).DetachFromDisposeScope();
        slope = tensor([.. curves.Select(curve => (float)curve.Slope)], device: DeviceTensors.Cpu).DetachFromDisposeScope();
        register_buffer(nameof(intercept), intercept);
        register_buffer(nameof(slope), slope);
    }

    /// <summary>Confidences [N,K] in [0,1] → probabilities [N,K].</summary>
    public override Tensor forward(Tensor confidence)
    {
        Device device = confidence.device;
        return (intercept.OnDevice(device) + slope.OnDevice(device) * Spread(confidence)).sigmoid();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string clipped = context.Node(
            "Clip", [inputs[0], context.Scalar("lowest_confidence", LowestConfidence), context.Scalar("one", 1.0)]);
        string lastAxis = context.Constant("last_axis", [-1L]);
        string spread = context.Node("Neg", [Log(clipped)]);
        string logarithm = Log(context.Node("Max", [spread, context.Scalar("lowest_spread", LowestSpread)]));
        string scaled = context.Node("Mul", [logarithm, context.Parameter(nameof(slope), slope)]);
        return [context.Node("Sigmoid", [context.Node("Add", [scaled, context.Parameter(nameof(intercept), intercept)])])];

        // ONNX Runtime computes a tensor's last logarithms by another routine than those before, whose last bit differs: a confidence
        // would depend on which frames share its batch. The logarithm of a sum of one number is computed for each by itself.
        string Log(string x) =>
            context.Node("ReduceLogSum", [context.Node("Unsqueeze", [x, lastAxis])], ("axes", new[] { -1L }), ("keepdims", 0L));
    }

    /// <summary>u of a confidence.</summary>
    internal static double Spread(float confidence) =>
        Math.Log(Math.Max(-Math.Log(Math.Clamp(confidence, LowestConfidence, 1)), LowestSpread));

    private static Tensor Spread(Tensor confidence) => confidence.clamp(LowestConfidence, 1).log().neg().clamp_min(LowestSpread).log();
}

/// <summary>A detector whose confidences are calibrated. Owns neither of the two.</summary>
internal sealed class CalibratedDetector(Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, ConfidenceCalibrator calibrator)
    : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>(nameof(CalibratedDetector))
{
    /// <summary>Image [N,3,H,W] in [−1,1] → keypoints [N,K,2] in [−1,1] and probabilities [N,K].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image)
    {
        (Tensor keypoints, Tensor confidence) = detector.call(image);
        return (keypoints, calibrator.call(confidence));
    }
}
