using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class ImageReaderTests
{
    private const string Common = """
        name: test
        description: Things.
        terms: None.
        obtain: Nowhere.
        prior: { poses: prior.csv, width: 20, height: 20 }
        skeleton: { name: three, keypoints: [left, right, nose] }
        metrics: { description: test }

        """;

    private const string ListYaml = Common + """
        reader: { kind: image-list, images: frames, clip_column: video, group_column: activity }
        splits: { train: { list: train.csv }, test: { list: train.csv, labels: labels.csv } }
        """;

    private const string FolderYaml = Common + """
        reader: { kind: image-folder }
        splits: { train: { folder: frames }, test: { folder: frames, labels: labels.csv } }
        """;

    [TestMethod]
    public void Image_of_no_clip_is_one()
    {
        using TemporaryFolder folder = NewFolder(ListYaml);
        folder.Write("train.csv", "frame,video,activity\nv/b10.png,,walk\nw/a.png,,walk\nv/b2.png,v,walk\n");

        using IFrameSet training = Open(folder).OpenTrainingFrames();

        CollectionAssert.AreEqual(
            new[] { "v/b10.png", "w/a.png", "v" }, training.Clips.Select(clip => clip.Name).ToArray());
    }

    [TestMethod]
    public void Image_list_keeps_the_groups_of_one_video_apart()
    {
        using TemporaryFolder folder = NewFolder(ListYaml);
        folder.Write("train.csv", "frame,video,activity\nv/b10.png,v,walk\nw/a.png,v,sit\nv/b2.png,v,walk\n");

        using IFrameSet training = Open(folder).OpenTrainingFrames();

        CollectionAssert.AreEqual((Clip[])[new("v", 0, 2, "walk"), new("v", 2, 1, "sit")], training.Clips.ToArray());
    }

    [TestMethod]
    public void Image_list_gives_clips_by_video_groups_and_labels_in_frame_pixels()
    {
        using TemporaryFolder folder = NewFolder(ListYaml);
        folder.Write("train.csv", "frame,video,activity\nv/b10.png,v,walk\nw/a.png,w,sit\nv/b2.png,v,walk\n");
        folder.Write("labels.csv", "frame,x0,y0,x1,y1,x2,y2,score2\nw/a.png,0.5,0.5,19,9,3,,1\n");
        IDataset dataset = Open(folder);

        using IFrameSet training = dataset.OpenTrainingFrames();
        using LabelledFrames test = dataset.OpenLabelled("test");

        Assert.AreEqual(new Clip("v", 0, 2, "walk"), training.Clips[0]);
        Assert.AreEqual(new Clip("w", 2, 1, "sit"), training.Clips[1]);
        Assert.AreEqual("frames/v/b2.png", training.GetId(1).Source);
        Assert.AreEqual(1, test.Frames.Count);
        // The images are 20×10, the frames 10×10: pixel areas correspond.
        Assert.AreEqual(new Vector2(0, 0.5f), test.Poses[0][0]);
        Assert.AreEqual(new Vector2(9.25f, 9), test.Poses[0][1]);
        Assert.IsTrue(float.IsNaN(test.Poses[0][2].X));
        byte[] frame = new byte[300];
        training.Read(2, frame);
        training.Read(2, frame); // from memory
        Assert.IsTrue(frame.All(value => value == 3));
        CollectionAssert.AreEqual(new[] { "test" }, dataset.LabelledSplits.ToArray());
        var error = Assert.ThrowsExactly<ArgumentException>(() => dataset.OpenLabelled("train"));
        Assert.Contains("it has those of: test", error.Message);
    }

    [TestMethod]
    public void Image_folder_gives_clips_by_sub_folder_in_natural_order()
    {
        using TemporaryFolder folder = NewFolder(FolderYaml);
        folder.Write("labels.csv", "frame,x0,y0,x1,y1,x2,y2\nv/b10.png,1,1,2,2,3,3\n");
        folder.Write("frames/v/notes.txt", "no image");
        IDataset dataset = Open(folder);

        using IFrameSet training = dataset.OpenTrainingFrames();
        using LabelledFrames test = dataset.OpenLabelled("test");

        CollectionAssert.AreEqual(
            new[] { "frames/v/b2.png", "frames/v/b10.png", "frames/w/a.png" },
            Enumerable.Range(0, 3).Select(i => training.GetId(i).Source).ToArray());
        CollectionAssert.AreEqual(new[] { new Clip("v", 0, 2), new Clip("w", 2, 1) }, training.Clips.ToArray());
        Assert.AreEqual("frames/v/b10.png", test.Frames.GetId(0).Source);
    }

    [TestMethod]
    [DataRow("frame,x0,y0,x1,y1,x2,y2\nnone.png,1,1,2,2,3,3\n", "labels.csv:2: frame 'none.png' is labelled, but not among the 3 frames")]
    [DataRow("frame,x0,y0,x1,y1,x2,y2\nw/a.png,1,1,2,2,3,3\nw/a.png,1,1,2,2,3,3\n", "labels.csv:3: frame 'w/a.png' is labelled twice")]
    [DataRow("frame,x0,y0,x1,y1\nw/a.png,1,1,2,2\n", "labels.csv:1: there is no column 'x2'")]
    [DataRow("x0,y0,x1,y1,x2,y2\n1,1,2,2,3,3\n", "labels.csv:1: there is no column 'frame'")]
    [DataRow("frame,x0,y0,x1,y1,x2,y2\n", "labels no frame")]
    public void Bad_labels_are_refused_with_file_and_line(string labels, string expected)
    {
        using TemporaryFolder folder = NewFolder(FolderYaml);
        folder.Write("labels.csv", labels);
        IDataset dataset = Open(folder);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => dataset.OpenLabelled("test"));

        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    public void Damaged_image_is_named_when_it_is_read()
    {
        using TemporaryFolder folder = NewFolder(FolderYaml);
        folder.Write("frames/w/a.png", "not an image");
        using IFrameSet frames = Open(folder).OpenTrainingFrames();

        var error = Assert.ThrowsExactly<InvalidDataException>(() => frames.Read(2, new byte[300]));

        Assert.Contains("a.png", error.Message);
    }

    [TestMethod]
    public void Folder_without_images_or_none_at_all_is_named()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("has no image", Assert.ThrowsExactly<InvalidDataException>(() => ImageFolder.List(folder.Path)).Message);
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => ImageFolder.List(folder["none"]));
    }

    [TestMethod]
    public void Natural_order_reads_digits_as_numbers()
    {
        string[] names = ["f10", "f9", "f09", "F1", "f", "f1b", "f1a", "f99999999999999999999999", "f100000000000000000000000"];

        string[] ordered = [.. names.Order(NaturalOrder.Comparer)];

        CollectionAssert.AreEqual(
            new[] { "F1", "f", "f1a", "f1b", "f09", "f9", "f10", "f99999999999999999999999", "f100000000000000000000000" }, ordered);
    }

    private static TemporaryFolder NewFolder(string yaml)
    {
        var folder = new TemporaryFolder();
        folder.Write("m.yaml", yaml);
        byte value = 1;
        foreach (string name in new[] { "frames/v/b2.png", "frames/v/b10.png", "frames/w/a.png" })
        {
            folder.Write(name, "");
            var image = new RgbImage(20, 10);
            Array.Fill(image.Pixels, value++);
            ImageWriter.Write(image, folder[name]);
        }
        return folder;
    }

    private static IDataset Open(TemporaryFolder folder) =>
        DataManifest.Load(folder["m.yaml"]).Open(new DatasetOptions { DataRoot = folder.Path, Width = 10, Height = 10 });
}
