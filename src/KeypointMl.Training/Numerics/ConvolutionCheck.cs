using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Numerics;

/// <summary>
/// Whether a kernel computes a convolution and its gradients right, on this processor, with the threads and instruction
/// set of this process. Every value is compared with libtorch's own double-precision convolution, which never goes
/// through oneDNN.
/// </summary>
/// <remarks>
/// All samples of the batch are multiples aₙ·x₀ of one image, and their gradients multiples bₙ·g₀, so that one image's
/// reference tells every value of the batch: yₙ = aₙ·y₀, ∂xₙ = bₙ·∂x₀, ∂w = Σaₙbₙ·∂w₀. Memory that the kernels are
/// likely to be given is filled with NaN first: what a wrong kernel leaves unwritten then shows.
/// </remarks>
internal static class ConvolutionCheck
{
    /// <summary>
    /// Largest allowed difference, as a share of the largest value. Where kernels are right, 32-bit floats stayed below
    /// 2e-5 (cpu-64, AVX2); a kernel that forgets a channel is off by some hundredths at least.
    /// </summary>
    public const double Tolerance = 2e-4;

    /// <summary>The same for bfloat16, whose values have 8 bits.</summary>
    public const double BFloat16Tolerance = 3e-2;

    /// <summary>With several threads a wrong kernel may be right by chance.</summary>
    public const int Trials = 3;

    /// <summary>Checks a kernel in a way.</summary>
    /// <returns>The largest difference found, as a share of the largest value; NaN where the kernel gave one.</returns>
    public static double LargestDifference(ConvolutionShape shape, ConvolutionWay way, ConvolutionKernel kernel)
    {
        using var region = CollectionFreeRegion.Begin();
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var random = new Random(1);
        Tensor x0 = Random(random, 1, shape.Inputs, shape.Height, shape.Width);
        Tensor w = Random(random, shape.Outputs, shape.Inputs, shape.Kernel, shape.Kernel);
        Tensor? b = shape.HasBias ? Random(random, shape.Outputs) : null;
        Tensor g0 = Random(random, 1, shape.Outputs, shape.OutputHeight, shape.OutputWidth);
        if (shape.Type != ScalarType.Float32)
            (x0, w, b, g0) = (Rounded(x0), Rounded(w), b is null ? null : Rounded(b), Rounded(g0));
        Reference reference = Reference.Compute(shape, x0, w, g0);

        Tensor a = linspace(1, 1.5, shape.Batch, dtype: ScalarType.Float32, device: DeviceTensors.Cpu).reshape(-1, 1, 1, 1);   // [N,1,1,1]
        Tensor c = linspace(1.5, 1, shape.Batch, dtype: ScalarType.Float32, device: DeviceTensors.Cpu).reshape(-1, 1, 1, 1);
        var call = new Call(Laid(x0 * a), w.to(shape.Type), b?.to(shape.Type), Laid(g0 * c), a, c);
        double largest = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            double difference = Trial(shape, way, kernel, call, reference);
            if (!Passes(shape, difference))
                return difference;
            largest = Math.Max(largest, difference);
        }
        return largest;

        Tensor Rounded(Tensor value) => value.to(shape.Type).to(ScalarType.Float32);

        Tensor Laid(Tensor images) => (shape.ChannelsLast ? ImageTensors.ChannelsLast(images) : images).to(shape.Type);
    }

    /// <summary>Whether a difference is that of rounding.</summary>
    public static bool Passes(ConvolutionShape shape, double difference) => difference <= ToleranceOf(shape);

    /// <summary>The difference that is allowed.</summary>
    internal static double ToleranceOf(ConvolutionShape shape) => shape.Type == ScalarType.Float32 ? Tolerance : BFloat16Tolerance;

    private static double Trial(ConvolutionShape shape, ConvolutionWay way, ConvolutionKernel kernel, Call call, Reference reference)
    {
        using var scope = NewDisposeScope();
        Tensor x = call.X.detach().requires_grad_(shape.InputGradient);
        Tensor w = call.W.detach().requires_grad_(shape.WeightGradient);
        Tensor? b = call.B?.detach().requires_grad_(shape.WeightGradient);
        Soil(x, call.G, w);
        Tensor y = way.Compute(kernel, x, w, b, shape.Stride, shape.Padding);
        if (shape.InputGradient || shape.WeightGradient)
        {
            Soil(x, call.G, w);
            y.backward([call.G]);
        }
        double sum = (call.InputFactor * call.GradientFactor).sum().item<float>();
        return Largest(
            Difference(call.B is null ? y : y.detach() - call.B.reshape(1, -1, 1, 1), call.InputFactor, reference.Y),
            Difference(x.grad, call.GradientFactor, reference.Dx),
            Difference(w.grad, sum, reference.Dw),
            Difference(b?.grad, call.GradientFactor.sum().item<float>(), reference.Db));
    }

    /// <summary>
    /// The largest difference of found/factor from what is wanted, as a share of the largest wanted value; overwrites
    /// what was found.
    /// </summary>
    private static double Difference(Tensor? found, Tensor factor, Tensor? wanted)
    {
        if (found is null || wanted is null)
            return 0;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        double scale = Math.Max(wanted.abs().max().item<float>(), 1e-30);
        return found.detach().to(ScalarType.Float32).div_(factor).sub_(wanted).abs_().max().item<float>() / scale; // NaN stays NaN
    }

    private static double Largest(params ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
            largest = double.IsNaN(value) || double.IsNaN(largest) ? double.NaN : Math.Max(largest, value);
        return largest;
    }

    /// <summary>Memory of the sizes that the kernels will ask for, given back full of NaN.</summary>
    private static void Soil(params ReadOnlySpan<Tensor> like)
    {
        using var scope = NewDisposeScope();
        foreach (Tensor tensor in like)
            full_like(tensor, double.NaN);
    }

    private static Tensor Random(Random random, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
            values[i] = 2 * random.NextSingle() - 1;
        return tensor(values, shape, device: DeviceTensors.Cpu);
    }

    /// <summary>
    /// What a trial computes with: input, kernel, bias, gradient of the output, and the factors of the samples
    /// [N,1,1,1].
    /// </summary>
    private sealed record Call(Tensor X, Tensor W, Tensor? B, Tensor G, Tensor InputFactor, Tensor GradientFactor);

    /// <summary>One image's output without bias, and its gradients, as 32-bit floats rounded from double precision.</summary>
    private sealed record Reference(Tensor Y, Tensor? Dx, Tensor? Dw, Tensor? Db)
    {
        public static Reference Compute(ConvolutionShape shape, Tensor x0, Tensor w0, Tensor g0)
        {
            Tensor x = x0.to(ScalarType.Float64).requires_grad_(shape.InputGradient);
            Tensor w = w0.to(ScalarType.Float64).requires_grad_(shape.WeightGradient);
            Tensor y = ConvolutionWays.LibTorch(x, w, null, (shape.Stride, shape.Stride), (shape.Padding, shape.Padding));
            if (shape.InputGradient || shape.WeightGradient)
                y.backward([g0.to(ScalarType.Float64)]);
            return new Reference(Single(y)!, Single(x.grad), Single(w.grad), shape is { HasBias: true, WeightGradient: true }
                ? g0.sum([0L, 2L, 3L])
                : null);
        }

        private static Tensor? Single(Tensor? value) => value is null ? null : value.detach().to(ScalarType.Float32);
    }
}
