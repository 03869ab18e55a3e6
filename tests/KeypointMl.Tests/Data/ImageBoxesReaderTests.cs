using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

/// <summary>The images are 40×30, black but for one white pixel at (column 11, row 7); frames are 10×10.</summary>
[TestClass]
public sealed class ImageBoxesReaderTests
{
    private const string Yaml = """
        name: test
        description: Things.
        terms: None.
        obtain: Nowhere.
        prior: { poses: prior.csv, width: 20, height: 20 }
        skeleton: { name: two, keypoints: [left, right] }
        metrics: { description: test }
        reader: { kind: image-boxes, boxes: boxes.csv, clips: true }
        splits: { train: { folder: images }, test: { folder: images, labels: labels.csv } }
        """;

    private const string Boxes = "source,frame,track,x,y,width,height\n";

    [TestMethod]
    public void Boxes_cut_subjects_out_and_their_tracks_are_clips()
    {
        using TemporaryFolder folder = NewFolder(Boxes
            + "day/b10.png,0,1,10,5,10,10\nday/b2.png,0,1,10,5,10,10\nday/b2.png,0,0,0,0,20,20\nnight/a.png,0,1,10,5,10,10\n");
        folder.Write("labels.csv", "source,frame,track,left_x,left_y,right_x,right_y\nday/b2.png,0,0,11,7,,\n");

        IDataset dataset = Open(folder);
        using IFrameSet training = dataset.OpenTrainingFrames();
        using LabelledFrames test = dataset.OpenLabelled("test");

        Assert.AreEqual(4, training.Count);
        CollectionAssert.AreEqual(
            new[] { new Clip("day, track 0", 0, 1), new("day, track 1", 1, 2), new("night, track 1", 3, 1) }, training.Clips.ToArray());
        Assert.AreEqual(new FrameId("images/day/b2.png", 0, "1", new Box(10, 5, 10, 10)), training.GetId(1));
        byte[] frame = new byte[300];
        training.Read(1, frame);
        Assert.AreEqual(255, frame[(2 * 10 + 1) * 3], "pixel (11,7) of the image is (1,2) of the box");
        Assert.AreEqual(1, test.Frames.Count);
        // Half as large, pixel areas correspond: 11 → (11 + 0.5) / 2 − 0.5.
        Assert.AreEqual(new Vector2(5.25f, 3.25f), test.Poses[0][0]);
        Assert.IsTrue(float.IsNaN(test.Poses[0][1].X));
    }

    [TestMethod]
    public void Every_box_is_a_clip_where_it_is_said()
    {
        using TemporaryFolder folder = NewFolder(
            Boxes + "day/b10.png,0,1,10,5,10,10\nday/b2.png,0,1,10,5,10,10\n", Yaml.Replace("clips: true", "clips: false"));

        using IFrameSet training = Open(folder).OpenTrainingFrames();

        CollectionAssert.AreEqual(
            new[] { new Clip("day/b2.png, track 1", 0, 1), new("day/b10.png, track 1", 1, 1) }, training.Clips.ToArray());
    }

    [TestMethod]
    [DataRow("frame,track,x,y,width,height\n0,1,0,0,5,5\n", "lacks the column 'source'")]
    [DataRow(Boxes + "day/b2.png,3,1,0,0,5,5\n", "boxes.csv:2: the frame is 3; that of an image is 0")]
    public void Boxes_that_are_not_of_images_are_refused(string boxes, string expected)
    {
        using TemporaryFolder folder = NewFolder(boxes);

        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => Open(folder).OpenTrainingFrames()).Message);
    }

    [TestMethod]
    public void Box_of_an_image_that_is_not_there_is_named()
    {
        using TemporaryFolder folder = NewFolder(Boxes + "day/none.png,0,1,0,0,5,5\n");

        Assert.Contains("boxes.csv:2", Assert.ThrowsExactly<FileNotFoundException>(() => Open(folder).OpenTrainingFrames()).Message);
    }

    [TestMethod]
    [DataRow("day/b2.png,7,1,1,2,2\n", "labels.csv:2: track 7 of day/b2.png is labelled, but boxes.csv has no box for it")]
    [DataRow("day/b2.png,1,1,1,2,2\nday/b2.png,1,1,1,2,2\n", "labels.csv:3: track 1 of day/b2.png is labelled twice")]
    [DataRow("", "labels no box")]
    public void Labels_that_do_not_fit_the_boxes_are_refused(string labels, string expected)
    {
        using TemporaryFolder folder = NewFolder(Boxes + "day/b2.png,0,1,0,0,5,5\n");
        folder.Write("labels.csv", "source,track,left_x,left_y,right_x,right_y\n" + labels);

        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => Open(folder).OpenLabelled("test")).Message);
    }

    private static TemporaryFolder NewFolder(string boxes, string yaml = Yaml)
    {
        var folder = new TemporaryFolder();
        var image = new RgbImage(40, 30);
        image.Pixels.AsSpan((7 * 40 + 11) * 3, 3).Fill(255);
        foreach (string name in (string[])["day/b2.png", "day/b10.png", "night/a.png"])
            folder.Write($"images/{name}", ImageWriter.EncodePng(image));
        folder.Write("boxes.csv", boxes);
        folder.Write("prior.csv", "left_x,left_y,right_x,right_y\n1,2,3,4\n");
        folder.Write("data.yaml", yaml);
        return folder;
    }

    private static IDataset Open(TemporaryFolder folder) =>
        DataManifest.Load(folder["data.yaml"]).Open(new DatasetOptions { DataRoot = folder.Path, Width = 10, Height = 10 });
}
