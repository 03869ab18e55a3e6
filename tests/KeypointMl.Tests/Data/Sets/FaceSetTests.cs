using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class FaceSetTests
{
    private const string Vox = "Identity  : \tid1\nReference : \tabc\n\nFRAME \tX \tY \tW \tH \n";

    [TestMethod]
    public void Pts_beside_images_give_crops_around_the_landmarks_and_test_sets_by_folder()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "w/helen/testset/10", "w/helen/testset/9", "w/ibug/image 1" })
        {
            SetFiles.Image(folder, name + (name.Contains("ibug") ? ".png" : ".jpg"), 40, 40, 77);
            folder.Write(name + ".pts", SetFiles.Pts(new Vector2(11, 11), new Vector2(20, 15)));
        }
        string manifest = SetFiles.Manifest("""
            reader: { kind: landmark-images, format: pts, crop: { margin: 0 } }
            splits: { test: { folders: [w/helen/testset, w/ibug] }, common: { folders: [w/helen/testset] }, half: { folders: [w], half: second } }
            """, "left, right");
        IDataset set = SetFiles.Open(folder, manifest);

        using LabelledFrames test = set.OpenLabelled("test");
        using LabelledFrames common = set.OpenLabelled("common");
        using LabelledFrames half = set.OpenLabelled("half");

        CollectionAssert.AreEqual(new[] { "w/helen/testset/9.jpg", "w/helen/testset/10.jpg", "w/ibug/image 1.png" },
            Enumerable.Range(0, 3).Select(i => test.Frames.GetId(i).Source).ToArray());
        Assert.AreEqual(2, common.Frames.Count);
        Assert.AreEqual(2, half.Frames.Count);
        // Counted from 0 the points are (10,10) and (19,14): 10×5 pixels, a square of 10 around them.
        Assert.AreEqual(new Box(10, 7.5f, 10, 10), test.Frames.GetId(0).Box);
        Assert.AreEqual(new Vector2(0, 2.5f), test.Poses[0][0]);
        Assert.AreEqual(77, SetFiles.Read(test.Frames, 2)[0], 1);
    }

    [TestMethod]
    public void Landmark_beyond_any_image_is_refused_by_its_image()
    {
        using var folder = new TemporaryFolder();
        SetFiles.Image(folder, "w/a.jpg", 40, 40, 77);
        folder.Write("w/a.pts", SetFiles.Pts(new Vector2(11, 11), new Vector2(2e9f, 15)));
        string manifest = SetFiles.Manifest(
            "reader: { kind: landmark-images, format: pts }\nsplits: { train: { folders: [w] } }", "left, right");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => SetFiles.Open(folder, manifest).OpenTrainingFrames());

        Assert.StartsWith("w/a.jpg: the crop (", error.Message);
        Assert.Contains("has a number beyond 1,000,000", error.Message);
    }

    [TestMethod]
    public void Cats_take_seven_of_nine_points_by_name_and_the_split_from_a_list()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "c/CAT_00/1.jpg", "c/CAT_00/2.jpg", "c/CAT_01/3.jpg" })
        {
            SetFiles.Image(folder, name, 40, 40, 77);
            folder.Write(name + ".cat", "9 0 0 30 0 15 30 1 2 3 4 5 6 7 8 9 10 11 12 ");
        }
        folder.Write("c/test.txt", "CAT_01/3.jpg\n");
        string splits = "splits: { train: { folders: [c], except_list: c/test.txt }, test: { folders: [c], list: c/test.txt } }";
        string manifest = SetFiles.Manifest($"reader: {{ kind: landmark-images, format: cat }}\n{splits}", "mouth, right_ear_2");
        IDataset set = SetFiles.Open(folder, manifest);

        using IFrameSet train = set.OpenTrainingFrames();
        using LabelledFrames test = set.OpenLabelled("test");

        Assert.AreEqual(2, train.Count);
        Assert.AreEqual("c/CAT_01/3.jpg", test.Frames.GetId(0).Source);
        Assert.AreEqual(test.Frames.GetId(0).Box.ToCrop(new Vector2(15, 30), 10, 10), test.Poses[0][0]);
        Assert.AreEqual(test.Frames.GetId(0).Box.ToCrop(new Vector2(9, 10), 10, 10), test.Poses[0][1]);
        folder.Write("c/test.txt", "CAT_01/3.jpg\nCAT_01/4.jpg\n");
        Assert.Contains("test.txt:2: 'CAT_01/4.jpg' is no image with landmarks in c",
            Assert.ThrowsExactly<InvalidDataException>(() => set.OpenTrainingFrames()).Message);
    }

    [TestMethod]
    public void Multipie_landmarks_without_images_are_a_prior_and_profiles_are_left_out()
    {
        using var folder = new TemporaryFolder();
        var frontal = new double[68, 2];
        for (int k = 0; k < 68; k++)
            (frontal[k, 0], frontal[k, 1]) = (101 + k, 201 + k);
        MatWriter.Write(folder["m/session01/001_01_01_051_07_lm.mat"], ("pts", frontal));
        MatWriter.Write(folder["m/session01/001_01_01_110_07_lm.mat"], ("pts", new double[39, 2]));
        string names = string.Join(", ", Enumerable.Range(0, 68).Select(k => $"p{k}"));
        IDataset set = SetFiles.Open(folder,
            SetFiles.Manifest("reader: { kind: landmark-images, format: mat, images: false, crop: { margin: 0 } }\nsplits: "
            + "{ prior: { folders: [m] } }", names, "{ split: prior }"), size: 68);

        PosePrior prior = set.OpenPrior();

        Assert.HasCount(1, prior.Poses);
        Assert.AreEqual(new Vector2(0, 0), prior.Poses[0][0]);
        Assert.AreEqual(new Vector2(67, 67), prior.Poses[0][67]);
    }

    [TestMethod]
    public void Landmarks_that_do_not_fit_are_refused_with_their_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("w/1.pts", SetFiles.Pts(new Vector2(1, 1), new Vector2(5, 5)));
        string reader = "reader: { kind: landmark-images, format: pts }\nsplits: { test: { folders: [w] } }";

        Assert.Contains("There is no image",
            Assert.ThrowsExactly<FileNotFoundException>(
                () => SetFiles.Open(folder, SetFiles.Manifest(reader, "a, b")).OpenLabelled("test")).Message);
        SetFiles.Image(folder, "w/1.jpg", 9, 9, 1);
        Assert.Contains("1.pts has 2 points; skeleton 'some' has 3 keypoints.",
            Assert.ThrowsExactly<InvalidDataException>(
                () => SetFiles.Open(folder, SetFiles.Manifest(reader, "a, b, c")).OpenLabelled("test")).Message);
        folder.Write("w/1.pts", "version: 1\n");
        Assert.Contains("1.pts:2: the file ends too early",
            Assert.ThrowsExactly<InvalidDataException>(
                () => SetFiles.Open(folder, SetFiles.Manifest(reader, "a, b")).OpenLabelled("test")).Message);
    }

    [TestMethod]
    public void Voxceleb2_chooses_frames_and_clips_evenly_and_may_cut_out_the_texts_boxes()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        for (int clip = 1; clip <= 4; clip++)
        {
            SetFiles.Video(folder, $"v/mp4/id1/abc/{clip:D5}.mp4", 40, 20, 4);
            folder.Write($"v/txt/id1/abc/{clip:D5}.txt", Vox + string.Concat(Enumerable.Range(0, 4).Select(i => $"00{i} 0.25 0 0.5 1\n")));
        }
        const string Splits = "\nsplits: { train: { folder: v, frames_per_clip: 2, max_clips: 2 } }";
        IDataset whole = SetFiles.Open(folder, SetFiles.Manifest("reader: { kind: voxceleb2 }" + Splits, "a"));
        IDataset boxes = SetFiles.Open(
            folder, SetFiles.Manifest("reader: { kind: voxceleb2, boxes: true, crop: { margin: 0 } }" + Splits, "a"));

        using IFrameSet frames = whole.OpenTrainingFrames();
        using IFrameSet cut = boxes.OpenTrainingFrames();

        CollectionAssert.AreEqual(new[] { "id1/abc/00001", "id1/abc/00003" }, frames.Clips.Select(clip => clip.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 0L, 2, 0, 2 }, Enumerable.Range(0, 4).Select(i => frames.GetId(i).Frame).ToArray());
        Assert.AreEqual(Box.WholeImage(40, 20), frames.GetId(0).Box);
        Assert.AreEqual(new Box(10, 0, 20, 20), cut.GetId(1).Box);
        Assert.AreEqual(60, SetFiles.Read(frames, 3)[0], 4); // frame 2's grey; the codec loses a little
        Assert.IsEmpty(whole.LabelledSplits);
        folder.Write("v/txt/id1/abc/00001.txt", Vox);
        Assert.Contains("00001.txt:5: the file lists no frame",
            Assert.ThrowsExactly<InvalidDataException>(() => whole.OpenTrainingFrames()).Message);
    }

    [TestMethod]
    public void Videos_beyond_the_memory_are_decoded_again()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        for (int clip = 1; clip <= 3; clip++)
        {
            SetFiles.Video(folder, $"v/mp4/id1/abc/{clip}.mp4", 16, 16, clip);
            folder.Write($"v/txt/id1/abc/{clip}.txt", Vox + string.Concat(Enumerable.Range(0, clip).Select(i => $"{i} 0 0 1 1\n")));
        }
        string path = folder.Write("m.yaml", SetFiles.Manifest("reader: { kind: voxceleb2 }\nsplits: { train: { folder: v } }", "a"));
        using IFrameSet frames = DataManifest.Load(path).Open(new DatasetOptions
        {
            DataRoot = folder.Path,
            Width = 16,
            Height = 16,
            MemoryBytes = 800,
        }).OpenTrainingFrames();

        int[] greys = [.. new[] { 0, 5, 1, 2, 4, 0, 3 }.Select(i => (int)SetFiles.Read(frames, i)[0])];

        foreach ((int expected, int grey) in new[] { 20, 60, 20, 40, 40, 20, 20 }.Zip(greys))
            Assert.AreEqual(expected, grey, 4.0); // the codec loses a little
    }
}
