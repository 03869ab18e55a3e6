using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Generation;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class ImageGeneratorTests
{
    [TestMethod]
    public void Generate_two_poses_uses_each_with_its_own_appearance()
    {
        using ImageGenerator generator = Load();
        float[] keypoints = [.. Enumerable.Repeat(3f, 6), .. Enumerable.Repeat(10f, 6)];
        byte[] appearance =
        [
            .. Enumerable.Repeat((byte)100, generator.Contract.ImageBytes),
            .. Enumerable.Repeat((byte)7, generator.Contract.ImageBytes),
        ];
        byte[] images = new byte[appearance.Length];
        generator.Generate(keypoints, appearance, images);
        Assert.AreEqual(103, images[0]);
        Assert.AreEqual(17, images[^1]);
    }

    [TestMethod]
    public void Generate_appearance_of_another_size_is_resized()
    {
        using ImageGenerator generator = Load();
        var appearance = new RgbImage(31, 77);
        appearance.Pixels.AsSpan().Fill(50);
        RgbImage image = generator.Generate([new(4, 4), new(4, 4), new(4, 4)], appearance);
        Assert.AreEqual((TestModels.Width, TestModels.Height), (image.Width, image.Height));
        Assert.AreEqual(-1, image.Pixels.AsSpan().IndexOfAnyExcept((byte)54));
    }

    [TestMethod]
    public void Generate_bad_poses_are_named()
    {
        using ImageGenerator generator = Load();
        var appearance = new RgbImage(TestModels.Width, TestModels.Height);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => generator.Generate([new(1, 1), new(float.NaN, 1), new(2, 2)], appearance)).Message,
            "Pose 0, keypoint 'green' has the coordinate NaN");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => generator.Generate(new Vector2[2], appearance)).Message,
            "2 points; skeleton 'colours' has 3 keypoints");
    }

    [TestMethod]
    public void Generate_after_dispose_throws()
    {
        ImageGenerator generator = Load();
        generator.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(
            () => generator.Generate(new Vector2[3], new RgbImage(TestModels.Width, TestModels.Height)));
    }

    private static ImageGenerator Load() => ImageGenerator.Load(TestModels.Generator(), "generator.onnx", new()
    {
        Device = KeypointDevice.Cpu,
        IntraOpThreads = 1,
    });
}
