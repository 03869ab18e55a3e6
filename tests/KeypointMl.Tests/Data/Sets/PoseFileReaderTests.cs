using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PoseFileReaderTests
{
    [TestMethod]
    public void Tracks_of_a_video_are_clips_cut_out_around_their_points()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        SetFiles.Video(folder, "v/film.mp4", 64, 64, 5);
        folder.Write("labels.csv",
            "source,frame,track,a_x,a_y,a_score,b_x,b_y,b_score\nfilm.mp4,3,one,10,10,0.9,19,10,0.1\nfilm.mp4,0,two,30,30,0.9,39,39,0.9\nfilm.mp4,1,one,10,12,0.9,19,12,0.9\nfilm.mp4,4,two,,,,,,\n");
        string manifest = SetFiles.Manifest("""
            reader: { kind: pose-file, root: v, crop: { size: 20, margin: 0 }, min_score: 0.5 }
            splits: { train: { poses: labels.csv }, test: { poses: labels.csv, frames: [2, 4] } }
            """, "b, a");
        IDataset set = SetFiles.Open(folder, manifest);

        using IFrameSet train = set.OpenTrainingFrames();
        using LabelledFrames test = set.OpenLabelled("test");

        CollectionAssert.AreEqual(
            new[] { new Clip("v/film.mp4, track one", 0, 2), new Clip("v/film.mp4, track two", 2, 1) }, train.Clips.ToArray());
        CollectionAssert.AreEqual(new[] { 1L, 3, 0 }, Enumerable.Range(0, 3).Select(i => train.GetId(i).Frame).ToArray());
        Assert.AreEqual(1, test.Frames.Count); // a row without a point is none
        Assert.AreEqual(new Box(5, 0.5f, 20, 20), test.Frames.GetId(0).Box);
        Assert.IsTrue(float.IsNaN(test.Poses[0][0].X)); // below the score
        Assert.AreEqual(new Box(5, 0.5f, 20, 20).ToCrop(new Vector2(10, 10), 10, 10), test.Poses[0][1]);
    }

    [TestMethod]
    public void Csv_without_a_header_has_its_names_from_the_manifest()
    {
        using var folder = new TemporaryFolder();
        folder.Write("poses.csv", "1.jpg,0,0,9,9\n2.jpg,-1,-1,4,4\n3.jpg,1,1,10,10\n");
        string split = "splits: { prior: { poses: poses.csv, keypoints: [a, b] } }";
        IDataset set = SetFiles.Open(folder,
            SetFiles.Manifest($"reader: {{ kind: pose-file, root: ., crop: {{ margin: 0 }} }}\n{split}", "b, a", "{ split: prior }"));

        PosePrior prior = set.OpenPrior();

        Assert.HasCount(2, prior.Poses); // the pose that lacks a point is left out
        CollectionAssert.AreEqual(new[] { new Vector2(9, 9), new Vector2(0, 0) }, prior.Poses[1]);
        folder.Write("poses.csv", "1.jpg,0,0,9,9\n2.jpg,1,1,4\n");
        Assert.Contains("poses.csv:2: 4 values; expected an image and 2 points",
            Assert.ThrowsExactly<InvalidDataException>(() => set.OpenPrior()).Message);
    }

    [TestMethod]
    public void Prior_of_some_poses_chooses_among_those_that_lack_no_point()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", "source,a_x,a_y,b_x,b_y\n1.png,,,9,9\n2.png,1,1,9,9\n3.png,,,9,9\n4.png,1,1,9,9\n5.png,1,1,9,9\n");
        IDataset set = SetFiles.Open(folder, SetFiles.Manifest(
            "reader: { kind: pose-file, root: . }\nsplits: { prior: { poses: p.csv } }", "a, b", "{ split: prior, max_poses: 3 }"));

        Assert.HasCount(3, set.OpenPrior().Poses);
    }

    [TestMethod]
    public void Images_of_a_folder_may_be_one_clip_and_whole()
    {
        using var folder = new TemporaryFolder();
        SetFiles.Image(folder, "labeled-data/v/img2.png", 20, 10, 5);
        SetFiles.Image(folder, "labeled-data/v/img1.png", 20, 10, 4);
        folder.Write("CollectedData_me.csv",
            "scorer,,,me,me\nbodyparts,,,a,a\ncoords,,,x,y\nlabeled-data,v,img1.png,0.5,0.5\nlabeled-data,v,img2.png,19,9\n");
        string manifest = SetFiles.Manifest(
            "reader: { kind: pose-file, root: ., whole_images: true, clips: folders }\nsplits: { test: { poses: "
            + "CollectedData_me.csv } }", "a");

        using LabelledFrames test = SetFiles.Open(folder, manifest).OpenLabelled("test");

        Assert.AreEqual(new Clip("labeled-data/v", 0, 2), test.Frames.Clips.Single());
        Assert.AreEqual(new Vector2(0, 0.5f), test.Poses[0][0]);
        Assert.AreEqual(5, SetFiles.Read(test.Frames, 1)[0]);
    }

    [TestMethod]
    public void Predictions_that_name_no_video_need_one_from_the_split()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", "scorer,n,n\nbodyparts,a,a\ncoords,x,y\n0,1,2\n");
        string reader = "reader: { kind: pose-file, root: . }\nsplits: { test: { poses: p.csv } }";

        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => SetFiles.Open(folder, SetFiles.Manifest(reader, "a")).OpenLabelled("test"));

        Assert.Contains("p.csv:4: the file does not say which image or video this is; give the split the key 'video'.", error.Message);
    }

    [TestMethod]
    [DataRow("[a, a]")]
    [DataRow("[]")]
    public void Keypoints_of_a_headerless_csv_are_named_once_each(string keypoints)
    {
        using var folder = new TemporaryFolder();
        string manifest = SetFiles.Manifest(
            $"reader: {{ kind: pose-file, root: . }}\nsplits: {{ test: {{ poses: p.csv, keypoints: {keypoints} }} }}", "a");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => SetFiles.Open(folder, manifest));

        Assert.Contains("m.yaml:6:44: 'splits.test.keypoints' is a list; expected the names of keypoints, each once", error.Message);
    }

    [TestMethod]
    [DataRow("{ kind: pose-file, root: ., whole_images: true, category: dog }", "{ poses: p.json }")]
    [DataRow("{ kind: pose-file, root: ., whole_images: true, category: cat }", "{ poses: p.json, category: dog }")]
    public void Category_of_a_coco_file_is_chosen_for_all_splits_or_for_one(string reader, string split)
    {
        using var folder = new TemporaryFolder();
        SetFiles.Image(folder, "a.png", 20, 10, 5);
        folder.Write("p.json", """
            {"categories": [{"id": 1, "name": "cat", "keypoints": ["a"]}, {"id": 2, "name": "dog", "keypoints": ["a", "b"]}], "images": [{"id": 1, "file_name": "a.png"}],
             "annotations": [{"image_id": 1, "category_id": 1, "keypoints": [1, 1, 2]}, {"image_id": 1, "category_id": 2, "keypoints": [3, 4, 2, 5, 6, 2]}]}
            """);

        using LabelledFrames test =
            SetFiles.Open(folder, SetFiles.Manifest($"reader: {reader}\nsplits: {{ test: {split} }}", "b")).OpenLabelled("test");

        Assert.HasCount(1, test.Poses);
    }

    [TestMethod]
    [TestCategory("RealData")]
    [DataRow("humans", 531, 10_000)]
    [DataRow("flies-sleap", 1200, 1248)]
    public void Open_sets_open_with_labels_and_prior(string name, int frames, int poses)
    {
        string root = RealData.RequireRoot(name.Split('-')[0]);
        RealData.RequireFfmpeg();
        IDataset set = DataManifest.Load(RealData.Manifest(name)).Open(new DatasetOptions { DataRoot = root, Width = 64, Height = 64 });

        using LabelledFrames test = set.OpenLabelled("test");

        Assert.AreEqual(frames, test.Frames.Count);
        Assert.IsGreaterThanOrEqualTo(poses, set.OpenPrior().Poses.Count);
        Assert.IsGreaterThan(20, SetFiles.Read(test.Frames, frames - 1).Distinct().Count());
    }
}
