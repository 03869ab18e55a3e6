using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PennActionTests
{
    [TestMethod]
    public void Penn_action_halves_the_videos_of_each_action_and_cuts_out_boxes()
    {
        using var folder = new TemporaryFolder();
        foreach ((string video, string action, int isTrain) in new[] { ("0001", "bowl", 1), ("0002", "bowl", 1),
            ("0003", "jump_rope", 1), ("0004", "bowl", -1) })
            WritePenn(folder, video, action, isTrain);
        string manifest = SetFiles.Manifest("""
            reader: { kind: penn-action, root: p }
            splits:
              train: { part: train, half: first }
              prior: { part: train, half: second }
              test: { part: test, visible_only: true }
            """, "head, r_ankle", "{ split: prior }");
        IDataset set = SetFiles.Open(folder, manifest);

        using IFrameSet train = set.OpenTrainingFrames();
        using LabelledFrames test = set.OpenLabelled("test");

        Assert.AreEqual(new Clip("0001", 0, 2, "bowl"), train.Clips.Single());
        Assert.AreEqual("p/frames/0001/000002.jpg", train.GetId(1).Source);
        Assert.HasCount(4, set.OpenPrior().Poses); // videos 2 and 3
        // MATLAB's box (11, 21)–(30, 60) covers 20×40 pixels from (10, 20): as a square, 40 around its centre.
        Assert.AreEqual(new Box(0, 20, 40, 40), test.Frames.GetId(0).Box);
        SetFiles.AssertNear(new Box(0, 20, 40, 40).ToCrop(new Vector2(0, 0), 10, 10), test.Poses[0][0]);
        Assert.IsTrue(float.IsNaN(test.Poses[0][1].X)); // invisible
        Assert.AreEqual(90, SetFiles.Read(test.Frames, 0)[0], 2);
    }

    [TestMethod]
    public void Penn_action_labels_that_do_not_fit_are_refused_with_file_and_variable()
    {
        using var folder = new TemporaryFolder();
        WritePenn(folder, "0001", "bowl", 1, visible: new double[3, 13]);
        string manifest = SetFiles.Manifest("reader: { kind: penn-action, root: p }\nsplits: { train: { part: all } }", "head");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => SetFiles.Open(folder, manifest).OpenTrainingFrames());

        Assert.Contains("0001.mat: visibility is 3×13 double; expected 2×13 numbers.", error.Message);
    }

    private static void WritePenn(TemporaryFolder folder, string video, string action, int train, double[,]? visible = null)
    {
        for (int frame = 1; frame <= 2; frame++)
            SetFiles.Image(folder, $"p/frames/{video}/{frame:D6}.jpg", 64, 80, 90);
        var ones = new double[2, 13];
        for (int i = 0; i < 26; i++)
            ones[i / 13, i % 13] = 1;
        visible ??= (double[,])ones.Clone();
        visible[0, 12] = 0;
        MatWriter.Write(folder[$"p/labels/{video}.mat"],
            ("action", action), ("pose", "front"), ("x", ones), ("y", ones), ("visibility", visible), ("train", (double)train),
            ("bbox", new double[,] { { 11, 21, 30, 60 }, { 11, 21, 30, 60 } }), ("dimensions", new double[,] { { 80, 64, 2 } }),
            ("nframes", 2.0));
    }
}
