using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;
using PureHDF;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class Human36mTests
{
    [TestMethod]
    public void Human36m_images_take_17_of_32_joints_and_crop_around_all()
    {
        using var folder = new TemporaryFolder();
        WriteHuman36m(folder, "S9/Walking-1");
        string manifest = SetFiles.Manifest("""
            reader: { kind: human36m, root: h, layout: images, crop: { margin: 0 } }
            splits: { train: { subjects: [S9], half: first }, test: { subjects: [S9], cameras: ['54138969'], half: second } }
            """, "r_wrist, hip");
        IDataset set = SetFiles.Open(folder, manifest);

        using IFrameSet train = set.OpenTrainingFrames();
        using LabelledFrames test = set.OpenLabelled("test");

        Assert.HasCount(2, train.Clips); // two cameras
        Assert.AreEqual(new Clip("S9/Walking-1, camera 54138969", 0, 1, "walking"), train.Clips[0]);
        Assert.AreEqual("h/S9/Walking-1/imageSequence/54138969/img_000006.jpg", test.Frames.GetId(0).Source);
        // Row 1 of camera 54138969: joint k at (10 + k, 20 + 2k); bounds 32 wide, 63 high, so a square of 63 around the centre.
        Assert.AreEqual(new Box(10 + 16 - 31.5f, 20, 63, 63), test.Frames.GetId(0).Box);
        SetFiles.AssertNear(test.Frames.GetId(0).Box.ToCrop(new Vector2(10 + 27, 20 + 54), 10, 10), test.Poses[0][0]);
    }

    [TestMethod]
    public void Human36m_videos_follow_the_releases_names()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        SetFiles.Video(folder, "h/S1/Videos/Directions 1.54138969.mp4", 64, 96, 4);
        SetFiles.Video(folder, "h/S1/Videos/_ALL 1.54138969.mp4", 64, 96, 1);
        MatWriter.Write(folder["h/S1/MyPoseFeatures/D2_Positions/Directions 1.54138969.cdf.mat"],
            ("data", new object[] { SetFiles.Rows(4, 32) }));
        string manifest = SetFiles.Manifest("""
            reader: { kind: human36m, root: h, layout: videos }
            splits: { train: { subjects: [S1], step: 3 }, test: { subjects: [S1], half: second } }
            """, "hip");

        using LabelledFrames test = SetFiles.Open(folder, manifest).OpenLabelled("test");
        using IFrameSet train = SetFiles.Open(folder, manifest).OpenTrainingFrames();

        CollectionAssert.AreEqual(new[] { 2L, 3 }, Enumerable.Range(0, 2).Select(i => test.Frames.GetId(i).Frame).ToArray());
        CollectionAssert.AreEqual(new[] { 0L, 3 }, Enumerable.Range(0, 2).Select(i => train.GetId(i).Frame).ToArray());
        Assert.AreEqual("directions", test.Frames.Clips.Single().Group);
        Assert.AreEqual(80, SetFiles.Read(test.Frames, 1)[150], 4); // frame 3's grey; the codec loses a little
        SetFiles.AssertNear(test.Frames.GetId(0).Box.ToCrop(new Vector2(20, 40), 10, 10), test.Poses[0][0]);
    }

    [TestMethod]
    public void Human36m_annotations_that_do_not_fit_are_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("h/S9/Walking-1/annot.h5", "");
        new H5File
        {
            ["pose"] = new H5Group { ["2d"] = new double[2, 31, 2] },
            ["camera"] = new int[] { 1, 1 },
            ["frame"] = new int[] { 1, 2 },
        }.Write(folder["h/S9/Walking-1/annot.h5"]);
        string manifest = SetFiles.Manifest(
            "reader: { kind: human36m, root: h, layout: images }\nsplits: { train: { subjects: [S9] } }", "hip");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => SetFiles.Open(folder, manifest).OpenTrainingFrames());

        Assert.Contains("annot.h5: pose/2d: has 124 numbers for 2 frames and 2 cameras; expected 32×2 for each frame", error.Message);
    }

    [TestMethod]
    public void Keypoints_of_another_set_are_matched_by_alias_and_those_it_lacks_are_not_labelled()
    {
        using var folder = new TemporaryFolder();
        WriteHuman36m(folder, "S9/Walking-1");
        string reader = "reader: { kind: human36m, root: h, layout: images, aliases: { pelvis: hip } }\nsplits: { test: "
            + "{ subjects: [S9] } }";

        using LabelledFrames test =
            SetFiles.Open(folder, SetFiles.Manifest(reader.Replace(" }\n", ", unlabelled: [l_toe] }\n"), "pelvis, l_toe"))
            .OpenLabelled("test");
        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => SetFiles.Open(folder, SetFiles.Manifest(reader, "pelvis, l_toe")).OpenLabelled("test"));

        // Human3.6M has a joint 'pelvis' of its own, which comes before the alias.
        SetFiles.AssertNear(test.Frames.GetId(0).Box.ToCrop(new Vector2(11, 22), 10, 10), test.Poses[0][0]);
        Assert.IsTrue(float.IsNaN(test.Poses[0][1].X));
        Assert.Contains("The skeleton has a keypoint 'l_toe'; the data set has hip, r_hip,", error.Message);
    }

    private static void WriteHuman36m(TemporaryFolder folder, string sequence)
    {
        var poses = new double[4, 32, 2];
        for (int i = 0; i < poses.Length; i++)
        {
            (int row, int joint, int axis) = (i / 64, i / 2 % 32, i % 2);
            poses[row, joint, axis] = (10 * row + joint) * (axis + 1);
        }
        folder.Write($"h/{sequence}/annot.h5", "");
        new H5File
        {
            ["pose"] = new H5Group { ["2d"] = poses },
            ["camera"] = new int[] { 54138969, 54138969, 55011271, 55011271 },
            ["frame"] = new int[] { 1, 6, 1, 6 },
        }.Write(folder[$"h/{sequence}/annot.h5"]);
    }
}
