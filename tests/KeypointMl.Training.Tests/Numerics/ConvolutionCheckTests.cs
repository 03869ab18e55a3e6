using KeypointMl.Training.Numerics;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>The check passes kernels that are right and catches those that are wrong, whatever the processor.</summary>
[TestClass]
public sealed class ConvolutionCheckTests
{
    private static readonly ConvolutionShape Shape = new(
        4, 5, 9, 11, 20, 3, 2, 1, HasBias: true, ChannelsLast: true, ScalarType.Float32, InputGradient: true, WeightGradient: true);

    [TestMethod]
    [DataRow(1, 3, 20, 3, 1)]
    [DataRow(4, 1, 10, 7, 1)]
    [DataRow(3, 16, 1, 4, 2)]
    [DataRow(2, 16, 15, 1, 1)]
    public void Right_kernel_passes_in_every_way(int batch, int inputs, int outputs, int kernel, int stride)
    {
        foreach (bool channelsLast in new[] { false, true })
        {
            var shape = new ConvolutionShape(batch, inputs, 12, 10, outputs, kernel, stride, kernel / 2, HasBias: true, channelsLast,
                ScalarType.Float32, InputGradient: true, WeightGradient: true);
            foreach (ConvolutionWay way in ConvolutionWays.InOrder.Where(way => way.Applies(shape, avx512: false)))
                Assert.IsLessThan(1e-5, ConvolutionCheck.LargestDifference(shape, way, Kernels.Right), $"{shape}: {way.Name()}");
        }
    }

    [TestMethod]
    public void Input_gradient_without_the_tail_is_caught() => AssertCaught(Kernels.InputGradientLosesTail);

    [TestMethod]
    public void Weight_gradient_without_a_sample_is_caught() => AssertCaught(Kernels.WeightGradientLosesSample);

    [TestMethod]
    public void Value_that_was_not_written_is_caught()
    {
        double difference = ConvolutionCheck.LargestDifference(Shape, ConvolutionWay.Direct, Kernels.LeavesNaN);
        Assert.IsTrue(double.IsNaN(difference));
        Assert.IsFalse(ConvolutionCheck.Passes(Shape, difference));
    }

    [TestMethod]
    public void One_value_that_is_off_is_caught() => AssertCaught(Kernels.ForwardIsOff);

    [TestMethod]
    [DataRow(ScalarType.Float32, "(allowed: 0.0002)")]
    [DataRow(ScalarType.BFloat16, "(allowed: 0.03)")]
    public void Failure_says_what_is_allowed_of_its_type(ScalarType type, string expected) =>
        Assert.Contains(expected, new NumericsFailure(Shape with { Type = type }, 0.5).ToString());

    [TestMethod]
    public void Padding_to_a_block_cures_a_lost_tail() =>
        Assert.IsTrue(ConvolutionCheck.Passes(
            Shape, ConvolutionCheck.LargestDifference(Shape, ConvolutionWay.Padded, Kernels.InputGradientLosesTail)));

    private static void AssertCaught(ConvolutionKernel kernel)
    {
        double difference = ConvolutionCheck.LargestDifference(Shape, ConvolutionWay.Direct, kernel);
        Assert.IsFalse(ConvolutionCheck.Passes(Shape, difference), $"{difference}");
    }
}
