using KeypointMl.Training.Networks;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class NetworkTests
{
    [TestMethod]
    public void Detector_at_the_authors_width_has_about_four_million_parameters()
    {
        using var phi = new PoseEncoder(32);
        using var eta = new KeypointRegressor(32, 32);
        long parameters = phi.parameters().Concat(eta.parameters()).Sum(parameter => parameter.numel());
        Assert.IsTrue(parameters is > 4_200_000 and < 4_400_000, $"{parameters} parameters"); // the paper: 'about 4M'
    }

    [TestMethod]
    public void Forward_any_multiple_of_eight_keeps_the_size()
    {
        using var _ = no_grad();
        using var phi = new PoseEncoder(4);
        using var psi = new ConditionalGenerator(4);
        using var pooled = new ConditionalGenerator(4, stylePooling: true);
        using var eta = new KeypointRegressor(7, 4);
        using Tensor image = rand(2, 3, 32, 48);
        using Tensor y = phi.call(image);
        CollectionAssert.AreEqual(new long[] { 2, 1, 32, 48 }, y.shape);
        CollectionAssert.AreEqual(new long[] { 2, 3, 32, 48 }, psi.call(y, image).shape);
        CollectionAssert.AreEqual(new long[] { 2, 3, 32, 48 }, pooled.call(y, image).shape);
        (Tensor p, Tensor confidence) = eta.call(y);
        CollectionAssert.AreEqual(new long[] { 2, 7, 2 }, p.shape);
        CollectionAssert.AreEqual(new long[] { 2, 7 }, confidence.shape);
        Assert.IsTrue(p.abs().max().item<float>() <= 1);
        Assert.IsTrue(confidence.min().item<float>() >= 0 && confidence.max().item<float>() <= 1);
    }

    [TestMethod]
    public void Discriminator_gives_one_score_map_per_scale()
    {
        using var d = new PoseDiscriminator(8, 3, 2);
        IReadOnlyList<Tensor> scores = d.call(rand(2, 1, 64, 64));
        CollectionAssert.AreEqual(new long[] { 2, 1, 6, 6 }, scores[0].shape);
        CollectionAssert.AreEqual(new long[] { 2, 1, 2, 2 }, scores[1].shape);
    }

    [TestMethod]
    public void SoftArgmax_peak_at_a_pixel_gives_that_pixel_with_confidence()
    {
        using var softArgmax = new SoftArgmax();
        using Tensor maps = zeros(1, 1, 5, 9);
        maps[0, 0, 3, 2] = tensor(10_000f);
        (Tensor p, Tensor confidence) = softArgmax.call(maps);
        Assert.AreEqual(-0.5f, p[0, 0, 0].item<float>(), 1e-4f); // column 2 of 0…8
        Assert.AreEqual(0.5f, p[0, 0, 1].item<float>(), 1e-4f);  // row 3 of 0…4
        Assert.AreEqual(1f, confidence[0, 0].item<float>(), 1e-3f);
        (_, Tensor unsure) = softArgmax.call(zeros(1, 1, 5, 9));
        Assert.IsTrue(unsure[0, 0].item<float>() < 0.01f, "a flat map says nothing");
    }
}
