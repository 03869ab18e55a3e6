using KeypointMl.Training.Numerics;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>Where a kernel is wrong another way is chosen, in the order of cost, and where none is right nothing is computed.</summary>
[TestClass]
public sealed class ConvolutionPlanTests
{
    private static readonly ConvolutionShape Tail = new(
        2, 4, 8, 8, 10, 3, 1, 1, HasBias: true, ChannelsLast: true, ScalarType.Float32, InputGradient: true, WeightGradient: true);
    private static readonly ConvolutionShape Whole = Tail with { Outputs = 16 };

    [TestMethod]
    public void Right_kernel_is_used_as_it_is()
    {
        NumericsReport report = Plan(Kernels.Right).Prepare([Tail, Whole]);
        Assert.AreEqual("default", report.Chosen);
        Assert.Contains("2 convolutions checked with 2 threads", report.ToString());
    }

    [TestMethod]
    public void Lost_tail_is_computed_with_padded_output_channels()
    {
        NumericsReport report = Plan(Kernels.InputGradientLosesTail).Prepare([Tail, Whole]);
        Assert.AreEqual("output channels padded", report.Chosen);
        Assert.AreEqual(
            $"Numerics: 2 convolutions checked with 2 threads: libtorch's own way is wrong, or not to be trusted, for 1 of them on this "
            + $"processor, such as {Tail}; computed with output channels padded.",
            report.ToString());
        Assert.IsFalse(report.CostsTime);
    }

    [TestMethod]
    public void Padded_computation_gives_the_right_values_and_gradients()
    {
        using var scope = NewDisposeScope();
        ConvolutionPlan plan = Plan(Kernels.InputGradientLosesTail);
        Tensor x = rand(2, 4, 8, 8), w = rand(10, 4, 3, 3), b = rand(10);
        (Tensor Y, Tensor Dx) found = Compute((x, w, b) => plan.Compute(x, w, b, 1, 1)), wanted =
            Compute((x, w, b) => Kernels.Right(x, w, b, (1, 1), (1, 1)));
        Assert.IsLessThan(1e-5f, (found.Y - wanted.Y).abs().max().item<float>());
        Assert.IsLessThan(1e-4f, (found.Dx - wanted.Dx).abs().max().item<float>());
        Assert.AreEqual(1, plan.Unannounced);

        (Tensor, Tensor) Compute(Func<Tensor, Tensor, Tensor, Tensor> kernel)
        {
            Tensor input = x.clone().requires_grad_();
            Tensor y = kernel(input, w, b);
            y.sum().backward();
            return (y.detach(), input.grad!);
        }
    }

    [TestMethod]
    public void Where_one_tail_is_wrong_no_tail_is_trusted()
    {
        // Wrong for ten outputs only; the other tail passes, perhaps by chance.
        ConvolutionPlan plan = Plan((input, weight, bias, stride, padding) =>
            (weight.shape[0] == 10 ? Kernels.InputGradientLosesTail : (ConvolutionKernel)Kernels.Right)(
                input, weight, bias, stride, padding));
        var counted = new List<long>();
        ConvolutionPlan counting = Plan((input, weight, bias, stride, padding) =>
        {
            counted.Add(weight.shape[0]);
            return (weight.shape[0] == 10 ? Kernels.InputGradientLosesTail : (ConvolutionKernel)Kernels.Right)(
                input, weight, bias, stride, padding);
        });
        Assert.AreEqual("output channels padded", plan.Prepare([Tail, Tail with { Outputs = 12 }]).Chosen);
        counting.Prepare([Tail, Tail with { Outputs = 12 }]);
        counted.Clear();
        using var scope = NewDisposeScope();
        Tensor x = ImageTensors.ChannelsLast(rand(2, 4, 8, 8)).requires_grad_();
        counting.Compute(x, rand(12, 4, 3, 3).requires_grad_(), rand(12).requires_grad_(), 1, 1);
        CollectionAssert.AreEqual(new long[] { 16 }, counted);
    }

    [TestMethod]
    public void Tail_in_the_layout_that_is_right_stays_as_it_is()
    {
        ConvolutionPlan plan = Plan(Kernels.WrongIn(channelsLast: false, Kernels.InputGradientLosesTail));
        ConvolutionShape other = Tail with { ChannelsLast = false };
        NumericsReport report = plan.Prepare([Tail, Tail with { Outputs = 12 }, other]);
        foreach ((ConvolutionShape shape, ConvolutionWay way) in report.Convolutions)
            Assert.AreEqual(shape == other, way.HasFlag(ConvolutionWay.Padded), $"{shape}: {way}");
    }

    [TestMethod]
    public void Kernel_of_one_pixel_that_is_wrong_is_computed_as_a_product()
    {
        // Wrong for sixty inputs only; the other ones pass, perhaps by chance.
        ConvolutionPlan plan = Plan((input, weight, bias, stride, padding) =>
            (weight.shape[1] == 60 ? Kernels.ForwardIsOff : (ConvolutionKernel)Kernels.Right)(input, weight, bias, stride, padding));
        ConvolutionShape point = Whole with { Inputs = 60, Kernel = 1, Padding = 0 };
        NumericsReport report = plan.Prepare([point, point with { Inputs = 64 }, Whole]);
        Assert.AreEqual("1×1 kernels as matrix products", report.Chosen);
        CollectionAssert.AreEqual(
            new[] { ConvolutionWay.Product, ConvolutionWay.Product, ConvolutionWay.Direct },
            report.Convolutions.Select(convolution => convolution.Way).ToArray());

        using var scope = NewDisposeScope();
        Tensor x = ImageTensors.ChannelsLast(rand(2, 60, 8, 8)), w = rand(16, 60, 1, 1), b = rand(16);
        Tensor y = plan.Compute(x, w, b, 1, 0);
        Assert.IsLessThan(1e-4f, (y - Kernels.Right(x, w, b, (1, 1), (0, 0))).abs().max().item<float>());
        Assert.IsTrue(ConvolutionShape.IsChannelsLast(y.shape, y.stride()));
    }

    [TestMethod]
    public void Kernel_that_is_wrong_in_one_layout_gets_the_other() =>
        Assert.AreEqual("other layout", Plan(Kernels.WrongIn(channelsLast: true, Kernels.ForwardIsOff)).Prepare([Whole]).Chosen);

    [TestMethod]
    public void Kernel_that_is_wrong_with_two_threads_asks_for_AVX2_first()
    {
        var runtime = new FakeRuntime();
        var thrown = Assert.ThrowsExactly<NumericsException>(() => Plan(WrongWithThreads(runtime), runtime).Prepare([Whole]));
        Assert.AreEqual("AVX2", thrown.InstructionSet);
        Assert.Contains("ONEDNN_MAX_CPU_ISA=AVX2", thrown.Message);
        Assert.AreEqual(2, runtime.Threads);
    }

    [TestMethod]
    [DataRow("AVX2", "one thread; ONEDNN_MAX_CPU_ISA=AVX2")]
    [DataRow("SSE41", "one thread; ONEDNN_MAX_CPU_ISA=SSE41")]
    public void Kernel_that_is_wrong_with_two_threads_then_gets_one(string instructionSet, string chosen)
    {
        var runtime = new FakeRuntime { InstructionSet = instructionSet };
        Assert.AreEqual(chosen, Plan(WrongWithThreads(runtime), runtime).Prepare([Whole]).Chosen);
        Assert.AreEqual(1, runtime.Threads);
    }

    [TestMethod]
    [DataRow(null, true, "AVX2")]
    [DataRow(null, false, "SSE41")]
    [DataRow("AVX512_CORE", true, "AVX2")]
    [DataRow("AVX2", true, "SSE41")]
    public void Kernel_that_is_always_wrong_asks_for_a_lower_instruction_set(string? now, bool avx512, string wanted)
    {
        var runtime = new FakeRuntime { InstructionSet = now, HasAvx512 = avx512 };
        Assert.AreEqual(wanted,
            Assert.ThrowsExactly<NumericsException>(() => Plan(Kernels.ForwardIsOff, runtime).Prepare([Whole])).InstructionSet);
    }

    [TestMethod]
    public void OneDnn_is_turned_off_last()
    {
        var runtime = new FakeRuntime { InstructionSet = "SSE41" };
        ConvolutionKernel kernel = (input, weight, bias, stride, padding) =>
            (runtime.OneDnn ? (ConvolutionKernel)Kernels.ForwardIsOff : Kernels.Right)(input, weight, bias, stride, padding);
        NumericsReport report = Plan(kernel, runtime).Prepare([Whole]);
        Assert.AreEqual("ONEDNN_MAX_CPU_ISA=SSE41; oneDNN off", report.Chosen);
        Assert.IsTrue(report.CostsTime);
        Assert.AreEqual(2, runtime.Threads, "one thread did not help");
    }

    [TestMethod]
    public void Kernel_that_nothing_helps_is_refused()
    {
        var runtime = new FakeRuntime { InstructionSet = "SSE41" };
        NumericsException thrown = Assert.ThrowsExactly<NumericsException>(() => Plan(Kernels.LeavesNaN, runtime).Prepare([Whole]));
        Assert.IsNull(thrown.InstructionSet);
        Assert.Contains("in every way that was tried", thrown.Message);
        Assert.Contains("gives NaN", thrown.Message);
        Assert.Contains("keypointml doctor", thrown.Message);
    }

    [TestMethod]
    public void Verdict_is_kept_for_the_next_process()
    {
        using var folder = new TemporaryFolder();
        var cache = new NumericsCache(folder["cache"]);
        Assert.AreEqual("output channels padded",
            new ConvolutionPlan(Kernels.InputGradientLosesTail, new FakeRuntime(), cache).Prepare([Tail]).Chosen);
        int calls = 0;
        var second = new ConvolutionPlan((input, weight, bias, stride, padding) =>
        {
            calls++; return Kernels.Right(
            input, weight, bias, stride, padding);
        }, new FakeRuntime(), cache);
        Assert.AreEqual("output channels padded", second.Prepare([Tail]).Chosen);
        Assert.AreEqual(0, calls);
        Assert.AreEqual("default", new ConvolutionPlan(Kernels.Right, new FakeRuntime
        {
            Threads = 1,
        }, cache).Prepare([Tail]).Chosen, "another number of threads is another verdict");
    }

    [TestMethod]
    public void Damaged_cache_costs_a_check_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var cache = new NumericsCache(folder["cache"]);
        new ConvolutionPlan(Kernels.Right, new FakeRuntime(), cache).Prepare([Tail]);
        string file = Directory.GetFiles(folder["cache"]).Single();
        File.WriteAllText(file, "{\"half");
        Assert.AreEqual("default", new ConvolutionPlan(Kernels.Right, new FakeRuntime(), cache).Prepare([Tail]).Chosen);
    }

    [TestMethod]
    public void LibTorch_is_right_here_in_the_way_that_is_chosen()
    {
        // The convolutions of numerics-facts' probe: wrong on some processors as they are.
        ConvolutionShape[] shapes = [.. new[] { (4, 8, 7), (1, 8, 7), (8, 8, 3), (16, 15, 3), (16, 16, 3), (3, 16, 7), (16, 15, 1),
            (16, 68, 1) }
            .Select(c => new ConvolutionShape(8, c.Item1, 32, 32, c.Item2, c.Item3, 1, c.Item3 / 2, HasBias: false,
                ChannelsLast: false, ScalarType.Float32, InputGradient: true, WeightGradient: true))];
        Assert.HasCount(shapes.Length, ConvolutionPlan.Shared.Prepare(shapes).Convolutions);
    }

    private static ConvolutionKernel WrongWithThreads(FakeRuntime runtime) => (input, weight, bias, stride, padding) =>
        (runtime.Threads > 1 ? (ConvolutionKernel)Kernels.ForwardIsOff : Kernels.Right)(input, weight, bias, stride, padding);

    private static ConvolutionPlan Plan(ConvolutionKernel kernel, FakeRuntime? runtime = null) =>
        new(kernel, runtime ?? new FakeRuntime(), new NumericsCache(null));
}
