using System.Text.Json;
using System.Text.Json.Nodes;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Generation;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Rendering;

namespace KeypointMl.Tests.Models;

/// <summary>
/// Regression of the models in <c>onnx/</c>: what they say about themselves, what they predict, and that damage to them
/// is noticed.
/// </summary>
[TestClass]
public sealed class ShippedModelTests
{
    /// <summary>A golden keypoint may move by this many pixels: another version of ONNX Runtime, another processor.</summary>
    private const float GoldenTolerance = 0.05f;

    private const string UpdateVariable = "KEYPOINTML_UPDATE_GOLDENS";
    private static readonly PuppetOptions Fresh = new()
    {
        Seed = 4242,
        Width = 64,
        Height = 64,
        TestVideos = 18,
        TestFramesPerVideo = 6,
        PriorVideos = 100,
    };

    [TestMethod]
    [DataRow("puppets", "puppets (student)", "distillation", 128, 15)]
    [DataRow("flies", "flies (student)", "distillation", 128, 13)]
    public void Detector_states_contract_skeleton_and_provenance(string model, string recipe, string method, int size, int keypoints)
    {
        using KeypointDetector detector = KeypointDetector.Load(ShippedModels.Detector(model));
        Assert.AreEqual((size, size, keypoints), (detector.Width, detector.Height, detector.KeypointCount));
        JsonNode provenance = JsonNode.Parse(detector.Contract.Metadata.Provenance)!;
        Assert.AreEqual(recipe, provenance["recipe"]!.GetValue<string>());
        Assert.AreEqual(method, provenance["method"]!.GetValue<string>());
        Assert.IsTrue(provenance["export_check"]!["largest_difference"]!.GetValue<double>() <= 0.01,
            "px between TorchSharp and ONNX Runtime");
        Assert.IsTrue(provenance["measured"]!["frames"]!.GetValue<int>() > 1000, "the error was measured on the whole test split");
        DataManifest manifest = DataManifest.Load(RealData.Manifest(model));
        Assert.AreEqual(manifest.Skeleton, detector.Skeleton);
    }

    [TestMethod]
    [DataRow("puppets", 0.06)]
    [DataRow("flies", 0.05)]
    public void Generator_takes_the_detectors_keypoints(string model, double sigmaSquared)
    {
        using KeypointDetector detector = KeypointDetector.Load(ShippedModels.Detector(model));
        using ImageGenerator generator = ImageGenerator.Load(ShippedModels.Generator(model));
        RgbImage frame = GoldenFrames()[0].Image;
        DetectedPose pose = detector.Detect(frame);
        RgbImage image = generator.Generate(pose.Keypoints, frame);
        Assert.AreEqual((frame.Width, frame.Height), (image.Width, image.Height));
        Assert.AreEqual(SkeletonFallOff.Linear(sigmaSquared), GeneratorRenderer.Find(generator.Contract.Metadata)?.FallOff);
        Assert.IsTrue(image.Pixels.Distinct().Count() > 20, "a picture, not a flat field");
    }

    [TestMethod]
    public void Puppets_detector_on_committed_frames_gives_the_golden_keypoints()
    {
        using KeypointDetector detector = KeypointDetector.Load(ShippedModels.Detector("puppets"));
        string path = Path.Combine(GoldenFolder, "puppets-keypoints.json");
        var found = new SortedDictionary<string, float[][]>(StringComparer.Ordinal);
        foreach ((string name, RgbImage image) in GoldenFrames())
            found[name] = [.. detector.Detect(image).Keypoints.Select(point => new[] { MathF.Round(point.X, 3), MathF.Round(point.Y, 3) })];
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllText(path, JsonSerializer.Serialize(found, new JsonSerializerOptions { WriteIndented = false }) + "\n");

        Dictionary<string, float[][]> golden = JsonSerializer.Deserialize<Dictionary<string, float[][]>>(File.ReadAllText(path))!;
        CollectionAssert.AreEquivalent(found.Keys, golden.Keys);
        foreach ((string name, float[][] points) in golden)
        {
            for (int k = 0; k < points.Length; k++)
            {
                Assert.AreEqual(points[k][0], found[name][k][0], GoldenTolerance,
                    $"{name}, {detector.Skeleton.Keypoints[k]}.x; {UpdateVariable}=1 writes new goldens after a new model");
                Assert.AreEqual(points[k][1], found[name][k][1], GoldenTolerance, $"{name}, {detector.Skeleton.Keypoints[k]}.y");
            }
        }
    }

    [TestMethod]
    public void Puppets_detector_on_freshly_generated_people_beats_a_third_of_the_mean_pose_error()
    {
        var dataset = new PuppetDataset(Fresh);
        using LabelledFrames test = dataset.OpenLabelled("test");
        using KeypointDetector detector = KeypointDetector.Load(ShippedModels.Detector("puppets"));
        var evaluator = new KeypointEvaluator(test.Skeleton, test.Protocol, 64, 64);
        for (int i = 0; i < test.Frames.Count; i++)
            evaluator.Add(detector.Detect(Read(test.Frames, i)).Keypoints, test.Poses[i]);
        KeypointMetrics metrics = evaluator.Compute(dataset.OpenPrior().Poses);
        double mean = metrics.Baselines["mean_pose"].ErrorPercentOfImage;
        Assert.IsTrue(metrics.ErrorPercentOfImage <= mean / 3, $"error {metrics.ErrorPercentOfImage:F2} %, mean pose {mean:F2} %");
    }

    [TestMethod]
    [DataRow("puppets")]
    [DataRow("flies")]
    public void Detector_gives_the_same_keypoints_alone_and_in_a_batch(string model)
    {
        using KeypointDetector detector = KeypointDetector.Load(ShippedModels.Detector(model));
        byte[] images = [.. GoldenFrames().SelectMany(frame => ImageCropper.Resize(frame.Image, detector.Width, detector.Height).Pixels)];
        int bytes = detector.Width * detector.Height * 3;
        int count = images.Length / bytes;
        int k = detector.KeypointCount;
        var together = new float[count * k * 2];
        detector.Detect(images, together, new float[count * k]);
        for (int n = 0; n < count; n++)
        {
            var alone = new float[k * 2];
            detector.Detect(images.AsSpan(n * bytes, bytes), alone, new float[k]);
            for (int i = 0; i < alone.Length; i++)
                Assert.AreEqual(together[n * k * 2 + i], alone[i], 1e-3f, $"frame {n}, value {i}"); // px
        }
    }

    [TestMethod]
    [DataRow("puppets")]
    [DataRow("flies")]
    public void Detector_cut_short_is_refused_by_name(string model)
    {
        byte[] bytes = File.ReadAllBytes(ShippedModels.Detector(model));
        foreach (double part in new[] { 0, 0.3, 0.9, 0.999 })
        {
            InvalidDataException error =
                Assert.ThrowsExactly<InvalidDataException>(
                    () => KeypointDetector.Load(bytes[..(int)(part * bytes.Length)], "copy.onnx").Dispose());
            StringAssert.Contains(error.Message, "copy.onnx");
        }
    }

    private static string GoldenFolder => Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "Models", "Golden");

    private static List<(string Name, RgbImage Image)> GoldenFrames() =>
        [.. Directory.EnumerateFiles(GoldenFolder, "*.png").Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileNameWithoutExtension(path), ImageDecoder.Decode(path)))];

    private static RgbImage Read(IFrameSet frames, int index)
    {
        var image = new RgbImage(frames.Width, frames.Height);
        frames.Read(index, image.Pixels);
        return image;
    }
}
