using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Cli.Tests.Web;

/// <summary>
/// samples/web against the detector of .NET, on the same pixels of PNG files: what the graph sees to the byte, keypoints to
/// 1e-3 pixels of the picture, which is above the difference between two builds of ONNX Runtime and far below a pixel.
/// </summary>
[TestClass]
[TestCategory("samples")]
public sealed class WebDetectorTests
{
    private const float Tolerance = 1e-3f;

    public static IEnumerable<string> Models => ["flies", "puppets"];

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Node_finds_the_keypoints_that_net_finds(string model)
    {
        NodeProgram.Require();
        using var folder = new TemporaryFolder();
        string[] pictures = Pictures(folder);
        using var detector = KeypointDetector.Load(ModelFile(model));

        JsonElement[] whole = NodeProgram.Run("node.mjs", [ModelFile(model), .. pictures]);
        var box = new Box(-7.5f, 12.25f, 90, 140.5f);
        JsonElement[] boxed = NodeProgram.Run("node.mjs", [ModelFile(model), .. pictures, "--box=-7.5,12.25,90,140.5"]);

        for (int i = 0; i < pictures.Length; i++)
        {
            AssertSame(detector, pictures[i], null, whole[i]);
            AssertSame(detector, pictures[i], box, boxed[i]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Page_finds_the_keypoints_that_net_finds_in_what_is_opened_dropped_marked_and_filmed(string model)
    {
        NodeProgram.Require();
        string chromium = NodeProgram.RequireChromium();
        using var folder = new TemporaryFolder();
        string[] pictures = Pictures(folder);
        using var detector = KeypointDetector.Load(ModelFile(model));

        JsonElement[] answers = NodeProgram.Run("test/browser.mjs", [chromium, ModelFile(model), .. pictures]);

        Assert.HasCount(pictures.Length + 1, answers);
        for (int i = 0; i < pictures.Length; i++)
        {
            AssertSame(detector, pictures[i], null, answers[i]);
            Assert.AreEqual(detector.KeypointCount, answers[i].GetProperty("rows").GetInt32());
        }
        JsonElement rest = answers[^1];
        AssertSame(detector, pictures[0], null, rest.GetProperty("dropped"));
        Assert.AreNotEqual(
            rest.GetProperty("dropped").GetProperty("input").GetString(), rest.GetProperty("marked").GetProperty("input").GetString());
        Assert.AreEqual(detector.KeypointCount, rest.GetProperty("camera").GetInt32());
        Assert.Contains("is not a picture", rest.GetProperty("refusal").GetString()!);
        Assert.AreEqual("[]", rest.GetProperty("errors").GetRawText());
    }

    [TestMethod]
    public void Node_refuses_a_generator_and_says_what_it_is()
    {
        NodeProgram.Require();

        AssertFailedException error = Assert.ThrowsExactly<AssertFailedException>(() => NodeProgram.Run(
            "node.mjs", RepositoryFiles.Path("onnx/puppets/generator.onnx"), RepositoryFiles.Path("samples/web/examples/puppet.png")));

        Assert.Contains("This is a generator of contract 1; expected a detector", error.Message);
    }

    private static string ModelFile(string name) => RepositoryFiles.Path($"onnx/{name}/detector.onnx");

    // A real fly, and drawn people: copied at 64×64, shrunk and enlarged otherwise, never of one scale along both sides.
    private static string[] Pictures(TemporaryFolder folder)
    {
        string[] drawn = [.. new[] { (64, 64), (208, 150), (75, 101) }.Select((size, i) =>
        {
            (int width, int height) = size;
            using IFrameSet frames = new PuppetDataset(new() { Width = width, Height = height, TrainingVideos = 1, FramesPerVideo = 4 })
                .OpenTrainingFrames();
            var image = new RgbImage(width, height);
            frames.Read(i, image.Pixels);
            ImageWriter.Write(image, folder[$"{width}x{height}.png"]);
            return folder[$"{width}x{height}.png"];
        })];
        return [.. drawn, RepositoryFiles.Path("samples/web/examples/fly.png")];
    }

    private static void AssertSame(KeypointDetector detector, string picture, Box? box, JsonElement answer)
    {
        RgbImage image = ImageDecoder.Decode(picture);
        Box seen = box ?? Box.WholeImage(image.Width, image.Height);
        byte[] input = ImageCropper.Crop(image, seen, detector.Width, detector.Height).Pixels;
        string hash = Convert.ToHexStringLower(SHA256.HashData(input));
        Assert.AreEqual(hash, answer.GetProperty("input").GetString(), $"the pixels of {picture}");

        DetectedPose expected = detector.Detect(image, seen);
        JsonElement[] found = [.. answer.GetProperty("keypoints").EnumerateArray()];
        Assert.AreSequenceEqual(detector.Skeleton.Keypoints, found.Select(point => point.GetProperty("name").GetString()!));
        for (int k = 0; k < found.Length; k++)
        {
            var point = new Vector2(found[k].GetProperty("x").GetSingle(), found[k].GetProperty("y").GetSingle());
            Assert.IsLessThan(Tolerance, Vector2.Distance(expected.Keypoints[k], point), $"{picture}, {detector.Skeleton.Keypoints[k]}");
            Assert.AreEqual(expected.Confidence[k], found[k].GetProperty("confidence").GetSingle(), 1e-4f);
        }
    }
}
