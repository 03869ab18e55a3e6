using KeypointMl.Training.Networks;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Tests;

/// <summary>
/// Normalisation and activation in one pass are libtorch's modules one after the other: values, gradients, running
/// statistics.
/// </summary>
[TestClass]
public sealed class NormalizedActivationTests
{
    // 32-bit floats, sums over up to two thousand pixels in another order.
    private const double Tolerance = 2e-5;

    [TestMethod]
    [DataRow(1, 2, 10, 5, 7)]
    [DataRow(2, 3, 16, 8, 8)]
    [DataRow(2, 5, 13, 6, 5)]
    [DataRow(1, 1, 1, 9, 9)]
    [DataRow(3, 2, 40, 33, 31)]
    public void Batch_equals_the_modules_and_moves_running_statistics_as_they_do(
        int threads, int batch, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var limited = new Threads(threads);
        random.manual_seed(1);
        using BatchNorm2d ours = BatchNorm2d(channels);
        init.normal_(ours.weight!, 1, 0.3);
        init.normal_(ours.bias!, 0, 0.3);
        using BatchNorm2d theirs = BatchNorm2d(channels);
        theirs.load_state_dict(ours.state_dict());
        AssertEqual(
            (batch, channels, height, width), x => NormalizedActivation.Batch(x, ours), x =>
                functional.relu(((Module<Tensor, Tensor>)theirs).call(x)));
        AssertClose(theirs.weight!.grad!, ours.weight!.grad!, "γ");
        AssertClose(theirs.bias!.grad!, ours.bias!.grad!, "β");
        AssertClose(theirs.running_mean!, ours.running_mean!, "running mean");
        AssertClose(theirs.running_var!, ours.running_var!, "running variance");
        Assert.AreEqual(1, ours.num_batches_tracked!.item<long>());
    }

    [TestMethod]
    [DataRow(1, 0.0)]
    [DataRow(2, 0.2)]
    public void Instance_equals_the_modules(int threads, double slope)
    {
        using var scope = NewDisposeScope();
        using var limited = new Threads(threads);
        random.manual_seed(2);
        using InstanceNorm2d norm = InstanceNorm2d(6);
        AssertEqual((3, 6, 7, 5), x => NormalizedActivation.Instance(x, norm, slope), x =>
            functional.leaky_relu(((Module<Tensor, Tensor>)norm).call(x), slope));
    }

    [TestMethod]
    public void Far_from_zero_the_variance_keeps_its_digits()
    {
        using var scope = NewDisposeScope();
        using BatchNorm2d norm = BatchNorm2d(4);
        Tensor x = ImageTensors.ChannelsLast(randn(4, 4, 16, 16) + 1000);
        NormalizedActivation.Batch(x, norm);
        Tensor variance = x.to(ScalarType.Float64).var([0L, 2L, 3L]) * 0.1 + 0.9;
        Assert.IsLessThan(1e-4, (norm.running_var!.to(ScalarType.Float64) - variance).abs().max().item<double>());
    }

    [TestMethod]
    public void Batch_of_one_value_a_channel_is_refused_and_the_running_variance_stays_a_number()
    {
        using var scope = NewDisposeScope();
        using BatchNorm2d norm = BatchNorm2d(4);

        Assert.Contains("larger batch", Assert.ThrowsExactly<InvalidOperationException>(
            () => NormalizedActivation.Batch(ImageTensors.ChannelsLast(randn(1, 4, 1, 1)), norm)).Message);

        Assert.AreEqual(1, norm.running_var![0].item<float>());
    }

    private static void AssertEqual(
        (int Batch, int Channels, int Height, int Width) size, Func<Tensor, Tensor> ours, Func<Tensor, Tensor> theirs)
    {
        Tensor image = ImageTensors.ChannelsLast(randn(size.Batch, size.Channels, size.Height, size.Width) * 3 + 2);
        Tensor gradient = randn(size.Batch, size.Channels, size.Height, size.Width); // in the other layout
        Tensor mine = image.detach().requires_grad_();
        Tensor other = image.detach().requires_grad_();
        Tensor y = ours(mine);
        Tensor wanted = theirs(other);
        y.backward([gradient]);
        wanted.backward([gradient]);
        AssertClose(wanted.detach(), y.detach(), "values");
        AssertClose(other.grad!, mine.grad!, "gradient");
        Assert.IsTrue(ConvolutionShape.IsChannelsLast(y.shape, y.stride()) || size.Channels == 1);
    }

    private static void AssertClose(Tensor wanted, Tensor found, string what)
    {
        double scale = Math.Max(1, wanted.abs().max().item<float>());
        Assert.IsLessThan(Tolerance * scale, (wanted - found).abs().max().item<float>(), what);
    }

    private sealed class Threads : IDisposable
    {
        private readonly int before = get_num_threads();

        public Threads(int threads) => set_num_threads(threads);

        public void Dispose() => set_num_threads(before);
    }
}
