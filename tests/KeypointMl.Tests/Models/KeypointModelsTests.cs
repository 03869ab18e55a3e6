using KeypointMl.Inference.Detection;
using KeypointMl.Models;

namespace KeypointMl.Tests.Models;

/// <summary>The packages of models hold what <c>onnx/</c> holds.</summary>
[TestClass]
public sealed class KeypointModelsTests
{
    public static IEnumerable<object[]> All => [[KeypointModels.Flies], [KeypointModels.Puppets]];

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Model_has_the_bytes_and_the_card_of_its_folder(KeypointModel model)
    {
        string folder = RepositoryFiles.Path($"onnx/{model.Name}");

        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(folder, "detector.onnx")), model.Detector);
        CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(folder, "generator.onnx")), model.Generator);
        Assert.AreEqual(File.ReadAllText(Path.Combine(folder, "README.md")), model.Card);
    }

    [TestMethod]
    public void Sizes_are_those_of_the_folder_and_grow()
    {
        int last = 0;
        foreach (DetectorSize size in Enum.GetValues<DetectorSize>())
        {
            byte[] bytes = KeypointModels.Puppets.DetectorOf(size);
            using KeypointDetector detector = KeypointDetector.Load(bytes, $"{size}");

            CollectionAssert.AreEqual(File.ReadAllBytes(RepositoryFiles.Path($"onnx/puppets/{size}/detector.onnx")), bytes);
            Assert.AreEqual(15, detector.KeypointCount);
            Assert.IsGreaterThan(last, bytes.Length);
            last = bytes.Length;
        }
        CollectionAssert.AreEqual(KeypointModels.Puppets.Detector, KeypointModels.Puppets.DetectorOf(DetectorSize.M));
        Assert.Contains("does not come in that size",
            Assert.ThrowsExactly<FileNotFoundException>(() => KeypointModels.Flies.DetectorOf(DetectorSize.L)).Message);
    }

    [TestMethod]
    public void Array_that_a_caller_changes_is_his_own()
    {
        KeypointModels.Flies.Detector[0] ^= 255;

        using KeypointDetector detector = KeypointDetector.Load(KeypointModels.Flies.Detector, "flies");

        Assert.AreEqual(13, detector.KeypointCount);
    }

    [TestMethod]
    public void Saved_detector_is_a_file_of_the_same_bytes()
    {
        using var folder = new TemporaryFolder();

        KeypointModels.Puppets.SaveDetector(folder["detector.onnx"]);

        CollectionAssert.AreEqual(KeypointModels.Puppets.Detector, File.ReadAllBytes(folder["detector.onnx"]));
    }

    [TestMethod]
    public void Model_of_an_assembly_without_it_says_what_is_missing()
    {
        var model = new KeypointModel("none", typeof(KeypointModelsTests).Assembly);

        string said = Assert.ThrowsExactly<FileNotFoundException>(() => model.Detector).Message;

        StringAssert.Contains(said, "KeypointMl.Tests holds no detector.onnx");
    }
}
