using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

/// <summary>Which rows of a file of poses are clips, and which become frames at all.</summary>
[TestClass]
public sealed class PoseFileClipTests
{
    [TestMethod]
    public void Two_people_of_an_image_without_tracks_are_no_pair()
    {
        using var folder = new TemporaryFolder();
        Coco(folder, ["a.png", "b.png"], (1, null), (1, null), (2, null));

        using IFrameSet train = Open(folder, "{ kind: pose-file, root: . }").OpenTrainingFrames();

        CollectionAssert.AreEqual(
            new[] { new Clip("a.png", 0, 1), new Clip("a.png", 1, 1), new Clip("b.png", 2, 1) }, train.Clips.ToArray());
    }

    [TestMethod]
    public void Subjects_of_a_video_that_no_track_tells_apart_are_clips_of_one_frame_of_one_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv",
            "source,frame,a_x,a_y,b_x,b_y\nv.mp4,0,1,1,9,9\nv.mp4,1,1,1,9,9\nv.mp4,2,1,1,9,9\nv.mp4,2,3,3,9,9\nv.mp4,3,1,1,9,9\n");

        using IFrameSet train = Open(folder, "{ kind: pose-file, root: . }", "p.csv").OpenTrainingFrames();

        CollectionAssert.AreEqual(new[] { 2, 1, 1, 1 }, train.Clips.Select(clip => clip.Length).ToArray());
        Assert.IsTrue(train.Clips.All(clip => clip.Name == "v.mp4")); // errors of one video are of one cluster
    }

    [TestMethod]
    public void Animals_of_a_folder_are_clips_of_their_own()
    {
        using var folder = new TemporaryFolder();
        Coco(folder, ["v/1.png", "v/2.png"], (1, "x"), (1, "y"), (2, "x"), (2, "y"));

        using IFrameSet train = Open(folder, "{ kind: pose-file, root: ., clips: folders }").OpenTrainingFrames();

        CollectionAssert.AreEqual(new[] { new Clip("v, x", 0, 2), new Clip("v, y", 2, 2) }, train.Clips.ToArray());
        CollectionAssert.AreEqual(new[] { "v/1.png", "v/2.png" }, new[] { train.GetId(0).Source, train.GetId(1).Source });
    }

    [TestMethod]
    [DataRow("reader: { kind: pose-file, root: ., clips: folders }", "{ poses: p.json }")]
    [DataRow("reader: { kind: image-folder }", "{ folder: . }")]
    public void Clip_of_a_folder_without_a_name_has_one(string reader, string split)
    {
        using var folder = new TemporaryFolder();
        SetFiles.Image(folder, "1.png", 20, 20, 5);
        SetFiles.Image(folder, "2.png", 20, 20, 5);
        Coco(folder, ["1.png", "2.png"], (1, null), (2, null));

        using IFrameSet train =
            SetFiles.Open(folder, SetFiles.Manifest($"{reader}\nsplits: {{ train: {split} }}", "a, b")).OpenTrainingFrames();

        // Without a name, intervals take every frame for a video of its own.
        Assert.AreEqual(new Clip(".", 0, 2), train.Clips.Single());
    }

    [TestMethod]
    [DataRow("images", "1.png 1.png 4.png")]
    [DataRow("folders", "1.png 1.png 4.png")]
    public void Step_takes_every_so_many_images_with_all_their_subjects(string clips, string expected)
    {
        using var folder = new TemporaryFolder();
        Coco(folder, ["1.png", "2.png", "3.png", "4.png"], (1, null), (1, null), (2, null), (3, null), (4, null));

        using IFrameSet train =
            Open(folder, $"{{ kind: pose-file, root: ., clips: {clips} }}", "p.json, step: 3").OpenTrainingFrames();

        Assert.AreEqual(expected, string.Join(' ', Enumerable.Range(0, train.Count).Select(i => train.GetId(i).Source)));
    }

    [TestMethod]
    [DataRow("a.png,0", "v.mp4,3", "p.csv:3: v.mp4 is a video; the split's first frame is the image a.png.")]
    [DataRow("v.mp4,3", "a.png,0", "p.csv:3: a.png is an image; the split's first frames are of the video v.mp4.")]
    public void Images_and_videos_in_one_split_are_refused(string first, string second, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", $"source,frame,a_x,a_y,b_x,b_y\n{first},1,1,9,9\n{second},1,1,9,9\n");
        IDataset set = Open(folder, "{ kind: pose-file, root: . }", "p.csv");

        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => set.OpenTrainingFrames()).Message);
    }

    [TestMethod]
    [DataRow("[0, 0, 2000000, 9]", "p.json: $.annotations[1]: the crop (", "around its box")]
    [DataRow("[]", "p.json: $.annotations[1]: the crop (", "around its points")]
    public void Crop_that_cannot_be_cut_is_refused_with_its_row(string box, string where, string around)
    {
        using var folder = new TemporaryFolder();
        Coco(folder, ["a.png"], (1, null));
        string text = File.ReadAllText(folder["p.json"]);
        int end = text.LastIndexOf(']');
        File.WriteAllText(folder["p.json"],
            $"{text[..end]}, {{\"image_id\": 1, \"category_id\": 1, \"bbox\": {box}, \"keypoints\": [3, 3, 2, 3000000, 5, 2]}}"
            + text[end..]);

        string error = Assert.ThrowsExactly<InvalidDataException>(
            () => Open(folder, "{ kind: pose-file, root: . }").OpenTrainingFrames()).Message;

        Assert.Contains(where, error);
        Assert.Contains($"{around} has a number beyond 1,000,000", error);
    }

    [TestMethod]
    [DataRow("{ margin: 0.2 }", 1)]
    [DataRow("{ size: 20 }", 2)]
    public void Pose_in_one_point_is_cut_out_by_a_fixed_size_alone(string crop, int expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", "source,a_x,a_y,b_x,b_y\n1.png,1,1,9,9\n2.png,5,5,5,5\n");

        using IFrameSet train = Open(folder, $"{{ kind: pose-file, root: ., crop: {crop} }}", "p.csv").OpenTrainingFrames();

        Assert.AreEqual(expected, train.Count);
        Assert.IsTrue(Enumerable.Range(0, train.Count).Select(train.GetId).All(id => id.Box is Box { Width: > 10 }));
    }

    [TestMethod]
    public void Crop_is_around_the_points_that_the_skeleton_names()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", "source,a_x,a_y,bowl_x,bowl_y,b_x,b_y\n1.png,1,1,90,90,10,10\n2.png,,,90,90,,\n");

        using IFrameSet train = Open(folder, "{ kind: pose-file, root: ., crop: { margin: 0 } }", "p.csv").OpenTrainingFrames();

        Assert.AreEqual(new Box(1, 1, 10, 10), train.GetId(0).Box);
        Assert.AreEqual(1, train.Count);
    }

    [TestMethod]
    public void Parts_of_the_scene_that_DeepLabCut_calls_single_are_no_animal()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", """
            scorer,me,me,me,me,me,me
            individuals,mouse,mouse,mouse,mouse,single,single
            bodyparts,a,a,b,b,corner,corner
            coords,x,y,x,y,x,y
            1.png,1,1,10,10,90,90
            """);

        using IFrameSet train = Open(folder, "{ kind: pose-file, root: . }", "p.csv").OpenTrainingFrames();

        Assert.AreEqual(new Clip("1.png, mouse", 0, 1), train.Clips.Single());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(", whole_images: true")]
    public void Rows_without_a_point_become_no_frames(string reader)
    {
        using var folder = new TemporaryFolder();
        SetFiles.Image(folder, "a.png", 20, 20, 5);
        Coco(folder, ["a.png", "b.png"], (1, null));
        string text = File.ReadAllText(folder["p.json"]);
        int end = text.LastIndexOf(']');
        File.WriteAllText(folder["p.json"],
            $"{text[..end]}, {{\"image_id\": 2, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"keypoints\": [0, 0, 0, 0, 0, 0]}}{text[end..]}");

        using IFrameSet train = Open(folder, $"{{ kind: pose-file, root: .{reader} }}").OpenTrainingFrames();

        Assert.AreEqual("a.png", Enumerable.Range(0, train.Count).Select(train.GetId).Single().Source);
    }

    private static IDataset Open(TemporaryFolder folder, string reader, string poses = "p.json") =>
        SetFiles.Open(folder, SetFiles.Manifest($"reader: {reader}\nsplits: {{ train: {{ poses: {poses} }} }}", "a, b"));

    private static void Coco(TemporaryFolder folder, string[] images, params (int Image, string? Item)[] people) =>
        folder.Write("p.json", $$"""
            {"categories": [{"id": 1, "name": "person", "keypoints": ["a", "b"]}],
             "images": [{{string.Join(", ", images.Select((name, i) => $$"""{"id": {{i + 1}}, "file_name": "{{name}}"}"""))}}],
             "annotations": [{{string.Join(", ", people.Select(person =>
                $$"""{"image_id": {{person.Image}}, "category_id": 1, {{(person.Item is null ? "" : $"\"item\": \"{person.Item}\",")}}"""
                + "\"keypoints\": [2, 3, 2, 12, 13, 2]}"))}}]}
            """);
}
