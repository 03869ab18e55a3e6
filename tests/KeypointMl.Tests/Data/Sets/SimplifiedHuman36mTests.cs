using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class SimplifiedHuman36mTests
{
    private const string SimplifiedReader = """
        reader: { kind: simplified-human36m, root: sh }
        splits:
          train: { actors: [S1], activities: [walking], half: first }
          prior: { actors: [S1], half: second }
          test: { actors: [S11] }
        """;

    [TestMethod]
    public void Simplified_human36m_masks_images_halves_sequences_and_groups_by_activity()
    {
        using var folder = new TemporaryFolder();
        foreach (int frame in new[] { 2, 10, 1, 9 })
            WriteSimplified(folder, "S1", "Walking 1.54138969", frame, grey: (byte)(50 + 10 * frame));
        WriteSimplified(folder, "S1", "Posing 1.54138969", 1, grey: 40);
        WriteSimplified(folder, "S11", "Posing.55011271", 3, grey: 200);
        IDataset set = SetFiles.Open(folder, SetFiles.Manifest(SimplifiedReader, "r_hip, hip", "{ split: prior }"));

        using IFrameSet train = set.OpenTrainingFrames();
        using LabelledFrames test = set.OpenLabelled("test");
        PosePrior prior = set.OpenPrior();

        CollectionAssert.AreEqual(
            new[] { "sh/S1/WithBackground/Walking 1.54138969/1.jpg", "sh/S1/WithBackground/Walking 1.54138969/2.jpg" },
            Enumerable.Range(0, 2).Select(i => train.GetId(i).Source).ToArray());
        Assert.AreEqual(new Clip("S1/Walking 1.54138969", 0, 2, "walking"), train.Clips.Single());
        byte[] frame1 = SetFiles.Read(train, 0);
        Assert.AreEqual(0, frame1[0]); // masked
        Assert.AreEqual(60, frame1[27], 1); // the foreground; JPEG may round
        Assert.AreEqual("posing", test.Frames.Clips.Single().Group);
        // 0 and 1 are the centres of the first and last of the 10 pixels: r_hip is (0.5, 1), hip (0, 0.25).
        Assert.AreEqual(new Vector2(4.5f, 9), test.Poses[0][0]);
        Assert.AreEqual(new Vector2(0, 2.25f), test.Poses[0][1]);
        Assert.HasCount(3, prior.Poses); // frames 9 and 10 of walking, and the only one of posing, whose first half is empty
    }

    [TestMethod]
    public void Prior_of_the_training_split_itself_is_refused()
    {
        using var folder = new TemporaryFolder();
        WriteSimplified(folder, "S1", "Walking 1", 1, 9);
        IDataset set = SetFiles.Open(folder, SetFiles.Manifest(SimplifiedReader, "hip", "{ split: train }"));

        Assert.Contains("The prior must be of other images", Assert.ThrowsExactly<InvalidDataException>(() => set.OpenPrior()).Message);
    }

    [TestMethod]
    public void Simplified_human36m_complains_about_files_by_name()
    {
        using var folder = new TemporaryFolder();
        WriteSimplified(folder, "S11", "Walking 1", 1, 9);
        string landmarks = folder["sh/S11/Landmarks/Walking 1/1.mat"];
        IDataset set = SetFiles.Open(folder, SetFiles.Manifest(SimplifiedReader, "hip"));

        MatWriter.Write(landmarks, ("keypoints_2d", new double[17, 2]));
        Assert.Contains($"{landmarks}: keypoints_2d is 17×2 double; expected 32×2 numbers.",
            Assert.ThrowsExactly<InvalidDataException>(() => set.OpenLabelled("test")).Message);
        File.WriteAllText(landmarks, "damaged");
        Assert.Contains($"{landmarks}: byte 0", Assert.ThrowsExactly<InvalidDataException>(() => set.OpenLabelled("test")).Message);
        folder.Write("sh/S11/WithBackground/Walking 1/cover.jpg", "");
        Assert.Contains("cover.jpg: the image's name is no frame number",
            Assert.ThrowsExactly<InvalidDataException>(() => set.OpenLabelled("test")).Message);
        Assert.Contains("There is no folder", Assert.ThrowsExactly<DirectoryNotFoundException>(() => set.OpenTrainingFrames()).Message);
    }

    [TestMethod]
    public void Mask_of_another_size_is_refused()
    {
        using var folder = new TemporaryFolder();
        WriteSimplified(folder, "S11", "Walking 1", 1, 9);
        SetFiles.Image(folder, "sh/S11/BackgroudMask/Walking 1/1.png", 7, 7, 255);
        using LabelledFrames test = SetFiles.Open(folder, SetFiles.Manifest(SimplifiedReader, "hip")).OpenLabelled("test");

        Assert.Contains("1.png is 7×7; its image is 20×20",
            Assert.ThrowsExactly<InvalidDataException>(() => SetFiles.Read(test.Frames, 0)).Message);
    }

    private static void WriteSimplified(TemporaryFolder folder, string actor, string sequence, int frame, byte grey)
    {
        SetFiles.Image(folder, $"sh/{actor}/WithBackground/{sequence}/{frame}.jpg", 20, 20, grey);
        SetFiles.Image(folder, $"sh/{actor}/BackgroudMask/{sequence}/{frame}.png", 20, 20, 255, leftHalfBlack: true);
        var points = new double[32, 2];
        (points[0, 0], points[0, 1], points[1, 0], points[1, 1]) = (0, 0.25, 0.5, 1);
        MatWriter.Write(folder[$"sh/{actor}/Landmarks/{sequence}/{frame}.mat"], ("keypoints_2d", points));
    }
}
