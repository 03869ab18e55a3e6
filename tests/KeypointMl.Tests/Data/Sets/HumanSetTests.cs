using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;
using PureHDF;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class HumanSetTests
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
        string landmarks = folder.File("sh/S11/Landmarks/Walking 1/1.mat");
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
        AssertNear(test.Frames.GetId(0).Box.ToCrop(new Vector2(10 + 27, 20 + 54), 10, 10), test.Poses[0][0]);
    }

    [TestMethod]
    public void Human36m_videos_follow_the_releases_names()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        SetFiles.Video(folder, "h/S1/Videos/Directions 1.54138969.mp4", 64, 96, 4);
        SetFiles.Video(folder, "h/S1/Videos/_ALL 1.54138969.mp4", 64, 96, 1);
        MatWriter.Write(folder.File("h/S1/MyPoseFeatures/D2_Positions/Directions 1.54138969.cdf.mat"),
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
        AssertNear(test.Frames.GetId(0).Box.ToCrop(new Vector2(20, 40), 10, 10), test.Poses[0][0]);
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
        }.Write(folder.File("h/S9/Walking-1/annot.h5"));
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
        AssertNear(test.Frames.GetId(0).Box.ToCrop(new Vector2(11, 22), 10, 10), test.Poses[0][0]);
        Assert.IsTrue(float.IsNaN(test.Poses[0][1].X));
        Assert.Contains("The skeleton has a keypoint 'l_toe'; the data set has hip, r_hip,", error.Message);
    }

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
        AssertNear(new Box(0, 20, 40, 40).ToCrop(new Vector2(0, 0), 10, 10), test.Poses[0][0]);
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

    [TestMethod]
    public void Mpi_inf_3dhp_reads_cameras_of_training_and_valid_frames_of_testing()
    {
        using var folder = new TemporaryFolder();
        MatWriter.Write(folder.File("d/S1/Seq1/annot.mat"), ("annot2", new object[] { SetFiles.Rows(4, 28), SetFiles.Rows(4, 28, 100) }));
        var test2 = new double[3, 1, 17, 2];
        for (int i = 0; i < test2.Length; i++)
            test2[i / 34, 0, i / 2 % 17, i % 2] = i;
        folder.Write("d/TS1/annot_data.mat", "");
        new H5File
        {
            ["annot2"] = Double(test2),
            ["valid_frame"] = Double(new double[,] { { 1 }, { 0 }, { 1 } }),
        }.Write(folder.File("d/TS1/annot_data.mat"), new H5WriteOptions(UserBlockSize: 512));
        string manifest = SetFiles.Manifest("""
            reader: { kind: mpi-inf-3dhp, root: d, frames: images }
            splits: { train: { subjects: [S1], sequences: [1], cameras: [1], step: 2 }, test: { part: test, subjects: [TS1] } }
            """, "pelvis, neck");
        IDataset set = SetFiles.Open(folder, manifest);

        using IFrameSet train = set.OpenTrainingFrames();
        using LabelledFrames test = set.OpenLabelled("test");

        CollectionAssert.AreEqual(
            new[] { "d/S1/Seq1/imageFrames/video_1/frame_000001.jpg", "d/S1/Seq1/imageFrames/video_1/frame_000003.jpg" },
            Enumerable.Range(0, 2).Select(i => train.GetId(i).Source).ToArray());
        CollectionAssert.AreEqual(new[] { "d/TS1/imageSequence/img_000001.jpg", "d/TS1/imageSequence/img_000003.jpg" },
            Enumerable.Range(0, 2).Select(i => test.Frames.GetId(i).Source).ToArray());
        // Pelvis is point 14 of the test part's 17, neck point 1; the third frame begins at 68.
        AssertNear(test.Frames.GetId(1).Box.ToCrop(new Vector2(68 + 28, 68 + 29), 10, 10), test.Poses[1][0]);
        AssertNear(test.Frames.GetId(1).Box.ToCrop(new Vector2(68 + 2, 68 + 3), 10, 10), test.Poses[1][1]);
        using LabelledFrames labelled = set.OpenLabelled("train");
        AssertNear(train.GetId(1).Box.ToCrop(new Vector2(20 + 4 + 100, 40 + 8 + 100), 10, 10), labelled.Poses[1][0]); // row 2, joint 4
    }

    [TestMethod]
    public void Mpi_inf_3dhp_without_the_asked_camera_is_refused()
    {
        using var folder = new TemporaryFolder();
        MatWriter.Write(folder.File("d/S1/Seq1/annot.mat"), ("annot2", new object[] { SetFiles.Rows(1, 28) }));
        string manifest = SetFiles.Manifest(
            "reader: { kind: mpi-inf-3dhp, root: d }\nsplits: { train: { subjects: [S1], sequences: [1], cameras: [4] } }", "pelvis");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => SetFiles.Open(folder, manifest).OpenTrainingFrames());

        Assert.Contains("annot.mat: annot2 is 1×1 cell; expected at least 5 cameras.", error.Message);
    }

    private static H5Dataset Double(object data) => new(data) { Attributes = new() { ["MATLAB_class"] = "double" } };

    private static void WriteSimplified(TemporaryFolder folder, string actor, string sequence, int frame, byte grey)
    {
        SetFiles.Image(folder, $"sh/{actor}/WithBackground/{sequence}/{frame}.jpg", 20, 20, grey);
        SetFiles.Image(folder, $"sh/{actor}/BackgroudMask/{sequence}/{frame}.png", 20, 20, 255, leftHalfBlack: true);
        var points = new double[32, 2];
        (points[0, 0], points[0, 1], points[1, 0], points[1, 1]) = (0, 0.25, 0.5, 1);
        MatWriter.Write(folder.File($"sh/{actor}/Landmarks/{sequence}/{frame}.mat"), ("keypoints_2d", points));
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
        }.Write(folder.File($"h/{sequence}/annot.h5"));
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
        MatWriter.Write(folder.File($"p/labels/{video}.mat"),
            ("action", action), ("pose", "front"), ("x", ones), ("y", ones), ("visibility", visible), ("train", (double)train),
            ("bbox", new double[,] { { 11, 21, 30, 60 }, { 11, 21, 30, 60 } }), ("dimensions", new double[,] { { 80, 64, 2 } }),
            ("nframes", 2.0));
    }

    // single precision
    private static void AssertNear(Vector2 expected, Vector2 actual) =>
        Assert.IsLessThan(1e-4f, Vector2.Distance(expected, actual), $"{actual}, expected {expected}");
}
