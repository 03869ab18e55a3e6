using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class PartNetworkTests
{
    private static readonly Skeleton Puppet = TinyRun.Puppets.Skeleton;

    [TestMethod]
    public void PartRenderer_with_one_channel_draws_what_the_skeleton_renderer_draws_and_has_its_gradient()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        Tensor mine = (rand(2, Puppet.Count, 2) * 1.6 - 0.8).requires_grad_();
        Tensor theirs = mine.detach().clone().requires_grad_();
        using var parts = new PartRenderer(Puppet, 16, 16, SkeletonFallOff.Linear(0.2), PartChannels.One);
        using var whole = new SkeletonRenderer(Puppet, 16, 16, SkeletonFallOff.Linear(0.2));

        Tensor drawn = parts.call(mine);
        Tensor expected = whole.call(theirs);
        drawn.square().sum().backward();
        expected.square().sum().backward();

        Assert.IsLessThan(1e-5f, (drawn - expected).abs().max().item<float>());
        // d ↦ √(d² + 10⁻⁶) is steep on the line itself, where d² is rounded: the gradients agree to a thousandth of the largest.
        Assert.IsLessThan(1e-3f * theirs.grad!.abs().max().item<float>(), (mine.grad! - theirs.grad!).abs().max().item<float>());
    }

    [TestMethod]
    [DataRow(PartChannels.Edge)]
    [DataRow(PartChannels.Group)]
    public void PartRenderer_channels_together_are_the_skeleton_image(PartChannels channels)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        Tensor p = rand(3, Puppet.Count, 2) * 1.6 - 0.8;
        using var parts = new PartRenderer(Puppet, 16, 32, SkeletonFallOff.Linear(0.2), channels);
        using var one = new PartRenderer(Puppet, 16, 32, SkeletonFallOff.Linear(0.2), PartChannels.One);

        Tensor drawn = parts.call(p);

        Assert.AreEqual(channels == PartChannels.Edge ? Puppet.Edges.Length : Puppet.Groups.Length, parts.Channels);
        CollectionAssert.AreEqual(new long[] { 3, parts.Channels, 16, 16 }, drawn.shape);
        Assert.IsLessThan(1e-6f, (drawn.amax([1L], keepdim: true) - one.call(p)).abs().max().item<float>());
    }

    [TestMethod]
    public void PartRenderer_refuses_a_skeleton_without_edges_or_with_auxiliary_ones()
    {
        var points = new Skeleton("points", ["a", "b"], []);
        var auxiliary = new Skeleton("auxiliary", ["a", "b", "c"], [new SkeletonEdge([0, 1], [2])]);
        foreach (Skeleton skeleton in new[] { points, auxiliary })
        {
            Assert.Contains(skeleton.Name,
                Assert.ThrowsExactly<ArgumentException>(
                    () => new PartRenderer(skeleton, 16, 32, SkeletonFallOff.Linear(0.1), PartChannels.Edge)).Message);
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void HeatmapExpectation_finds_a_single_high_cell_where_it_is_in_the_image(int stride)
    {
        using var scope = NewDisposeScope();
        using var expectation = new HeatmapExpectation(stride);
        Tensor logits = zeros(1, 1, 8, 6);
        logits[0, 0, 5, 1] = 100;

        (Tensor keypoints, Tensor confidence) = expectation.call(logits);

        float[] pixel =
        [
            NormalizedCoordinates.ToPixel(DeviceReads.Singles(keypoints)[0], 6 * stride),
            NormalizedCoordinates.ToPixel(DeviceReads.Singles(keypoints)[1], 8 * stride),
        ];
        Assert.AreEqual(1.5 * stride - 0.5, pixel[0], 1e-3, "the centre of cell 1");
        Assert.AreEqual(5.5 * stride - 0.5, pixel[1], 1e-3, "the centre of cell 5");
        Assert.AreEqual(1, confidence.item<float>(), 1e-4);
    }

    [TestMethod]
    public void LocalContrast_does_not_change_with_brightness_and_little_with_contrast()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        // large enough squares to be seen at every scale
        Tensor image = (rand(2, 3, 8, 8) * 0.8 - 0.4).repeat_interleave(4, 2).repeat_interleave(4, 3);
        var features = new LocalContrastPyramid();

        IReadOnlyList<Tensor> original = features.Extract(image);
        IReadOnlyList<Tensor> brighter = features.Extract(image + 0.3);
        IReadOnlyList<Tensor> stronger = features.Extract(image * 2);

        Assert.HasCount(features.Count, original);
        Assert.IsGreaterThan(0.2f, (original[0] - brighter[0]).abs().mean().item<float>(), "the image itself is among them");
        for (int scale = 2; scale < features.Count; scale++)
        {
            Assert.IsLessThan(1e-4f, (original[scale] - brighter[scale]).abs().max().item<float>());
            float size = original[scale].abs().mean().item<float>();
            Assert.IsLessThan(0.25f * size, (original[scale] - stronger[scale]).abs().mean().item<float>(),
                "but for the floor, which is there for noise");
        }
    }
}
