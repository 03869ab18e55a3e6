using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Generation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Quantization;
using KeypointMl.Poses.Metrics;

namespace KeypointMl.Tests.Models;

/// <summary>What simplification and lower precision do to trained networks, on people that no training has seen.</summary>
[TestClass]
public sealed class ShippedModelPrecisionTests
{
    private const int Size = 64;
    private const int BatchSize = 27;
    private static readonly PuppetDataset People = new(new PuppetOptions
    {
        Seed = 4243,
        Width = Size,
        Height = Size,
        TrainingVideos = 32,
        TestVideos = 18,
        TestFramesPerVideo = 6,
    });

    [TestMethod]
    [DataRow("puppets", false, 0.005)]
    [DataRow("flies", false, 0.005)]
    [DataRow("puppets", true, 0.1)]
    [DataRow("flies", true, 0.1)]
    public void Detector_simplified_or_in_16_bits_moves_no_keypoint_further_than_promised(string model, bool half, double tolerance)
    {
        OnnxModel changed = Optimized(ShippedModels.Detector(model), half);
        using KeypointDetector original = KeypointDetector.Load(ShippedModels.Detector(model));
        using KeypointDetector detector = KeypointDetector.Load(changed.ToArray(), "changed.onnx");
        double largest = 0;
        using LabelledFrames test = People.OpenLabelled("test");
        foreach (byte[] images in Batches(test.Frames))
            largest = Math.Max(largest, OutputErrors.MaxAbsolute(Keypoints(original, images), Keypoints(detector, images)));

        Assert.IsTrue(largest <= tolerance, $"{largest} px");
        Assert.IsTrue(!half || largest > 0, "16 bits round");
    }

    [TestMethod]
    [DataRow("puppets", false)]
    [DataRow("flies", false)]
    [DataRow("puppets", true)]
    [DataRow("flies", true)]
    public void Generator_simplified_or_in_16_bits_changes_no_pixel_by_more_than_a_grey_level(string model, bool half)
    {
        OnnxModel changed = Optimized(ShippedModels.Generator(model), half);
        using KeypointDetector detector = KeypointDetector.Load(ShippedModels.Detector(model));
        using ImageGenerator original = ImageGenerator.Load(ShippedModels.Generator(model));
        using ImageGenerator generator = ImageGenerator.Load(changed.ToArray(), "changed.onnx");
        using LabelledFrames test = People.OpenLabelled("test");
        byte[] images = Batches(test.Frames).First();
        float[] keypoints = Keypoints(detector, images);
        var expected = new byte[images.Length];
        var found = new byte[images.Length];
        original.Generate(keypoints, images, expected);
        generator.Generate(keypoints, images, found);

        int largest = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.IsTrue(largest <= 1, $"{largest} grey levels");
    }

    // As export quantises it, on all test frames at the size that it was trained at.
    [TestMethod]
    public void Detector_in_8_bits_errs_at_most_2_percent_more()
    {
        using KeypointDetector original = KeypointDetector.Load(ShippedModels.Detector("puppets"));
        var people = new PuppetDataset(new PuppetOptions { Width = original.Width, Height = original.Height });
        using IFrameSet training = people.OpenTrainingFrames();
        const int calibrated = 256;
        IEnumerable<CalibrationBatch> batches = Enumerable.Range(0, calibrated)
            .Select(i => Read(training, (int)((long)i * training.Count / calibrated)).Pixels).Chunk(8)
            .Select(images => CalibrationBatch.Create(
                "image", [.. images.SelectMany(pixels => pixels)], images.Length, original.Height, original.Width, 3));
        OnnxModel quantized = OnnxQuantizer.Quantize(OnnxModel.Load(ShippedModels.Detector("puppets")), batches).Model;
        using KeypointDetector detector = KeypointDetector.Load(quantized.ToArray(), "int8.onnx");
        using LabelledFrames test = people.OpenLabelled("test");
        (double before, double after) = (Error(original, test), Error(detector, test));

        Assert.IsTrue(after <= 1.02 * before, $"{before:F3} % of the image in 32-bit floats, {after:F3} % in 8-bit integers");
    }

    private static OnnxModel Optimized(string path, bool half)
    {
        OnnxModel model = OnnxModel.Load(path);
        OnnxOptimizer.Optimize(model, new OnnxOptimizationOptions { ConvertToFloat16 = half });
        return model;
    }

    private static double Error(KeypointDetector detector, LabelledFrames test)
    {
        var evaluator = new KeypointEvaluator(test.Skeleton, test.Protocol, test.Frames.Width, test.Frames.Height);
        for (int frame = 0; frame < test.Frames.Count; frame++)
            evaluator.Add(detector.Detect(Read(test.Frames, frame)).Keypoints, test.Poses[frame]);
        return evaluator.Compute().ErrorPercentOfImage;
    }

    private static RgbImage Read(IFrameSet frames, int index)
    {
        var image = new RgbImage(frames.Width, frames.Height);
        frames.Read(index, image.Pixels);
        return image;
    }

    // In pixels of these images, whatever size the detector's own are.
    private static float[] Keypoints(KeypointDetector detector, byte[] images) =>
        [.. Pictures(images).SelectMany(image => detector.Detect(image).Keypoints).SelectMany(point => new[] { point.X, point.Y })];

    private static IEnumerable<RgbImage> Pictures(byte[] images)
    {
        foreach (byte[] pixels in images.Chunk(Size * Size * 3))
        {
            var image = new RgbImage(Size, Size);
            pixels.CopyTo(image.Pixels.AsSpan());
            yield return image;
        }
    }

    // The sets hold multiples of the batch.
    private static IEnumerable<byte[]> Batches(IFrameSet frames)
    {
        const int length = Size * Size * 3;
        for (int first = 0; first + BatchSize <= frames.Count; first += BatchSize)
        {
            var images = new byte[BatchSize * length];
            for (int index = 0; index < BatchSize; index++)
                frames.Read(first + index, images.AsSpan(index * length, length));
            yield return images;
        }
    }
}
