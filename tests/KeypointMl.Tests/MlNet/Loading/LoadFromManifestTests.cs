using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Keypoints;
using KeypointMl.Rows;
using KeypointMl.Training.MlNet;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class LoadFromManifestTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Puppets_are_the_data_sets_frames_labels_and_groups()
    {
        using var folder = new TemporaryFolder();
        string manifest = WritePuppets(folder);
        using LabelledFrames expected = new PuppetDataset(new()
        {
            Width = 32,
            Height = 24,
            TestVideos = 2,
            TestFramesPerVideo = 3,
            Seed = 7,
        }).OpenLabelled("test");

        IDataView data = ml.Keypoints.LoadFromManifest(manifest, "test", options: new() { Width = 32, Height = 24, Seed = 7 });
        Row[] rows = Read(data);

        Assert.AreEqual(6, data.GetRowCount());
        Assert.AreEqual(PuppetDataset.Skeleton, KeypointAnnotations.Read(data.Schema["Label"]));
        for (int i = 0; i < 6; i++)
        {
            byte[] pixels = new byte[32 * 24 * 3];
            expected.Frames.Read(i, pixels);
            CollectionAssert.AreEqual(pixels, rows[i].Pixels);
            CollectionAssert.AreEqual(expected.Poses[i], rows[i].Label.Chunk(2).Select(p => new Vector2(p[0], p[1])).ToArray());
            Assert.AreEqual((expected.Frames.Clips[i / 3].Name, i % 3, expected.Frames.Clips[i / 3].Group),
                (rows[i].Video, rows[i].Frame, rows[i].Group));
        }
    }

    [TestMethod]
    public void Labels_not_wanted_leave_the_column_out_and_give_all_frames()
    {
        using var folder = new TemporaryFolder();
        string manifest = WriteImages(folder);

        IDataView labelled = ml.Keypoints.LoadFromManifest(manifest, "train", folder.Path, new() { Width = 10, Height = 10 });
        IDataView all = ml.Keypoints.LoadFromManifest(manifest, "train", folder.Path, new() { Width = 10, Height = 10, Labels = false });

        Assert.AreEqual(2, labelled.GetRowCount());
        Assert.AreEqual(3, all.GetRowCount());
        Assert.IsNull(all.Schema.GetColumnOrNull("Label"));
        CollectionAssert.AreEqual(
            new[] { "images/a/1.png", "images/a/2.png", "images/b/1.png" }, all.GetColumn<string>("Source").ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 1, 0 }, all.GetColumn<long>("Frame").ToArray());
        float[] label = labelled.GetColumn<float[]>("Label").First();
        CollectionAssert.AreEqual(new[] { 1f, 2f }, label[..2]); // (2.5, 4.5) of a 20×20 image is (1, 2) of the 10×10 one
        Assert.IsTrue(float.IsNaN(label[4]));
    }

    [TestMethod]
    public void Files_that_are_left_out_are_told()
    {
        using var folder = new TemporaryFolder();
        List<string> notes = [];

        ml.Keypoints.LoadFromManifest(WriteImages(folder), "train", folder.Path, new() { Labels = false, Note = notes.Add });

        Assert.HasCount(1, notes);
        Assert.Contains("3 .txt", notes[0]);
    }

    [TestMethod]
    public void Images_not_asked_for_are_not_decoded()
    {
        using var folder = new TemporaryFolder();
        IDataView data = ml.Keypoints.LoadFromManifest(WriteImages(folder), "train", folder.Path, new() { Labels = false });
        Directory.Delete(folder["images"], recursive: true);

        CollectionAssert.AreEqual(new[] { "a", "a", "b" }, data.GetColumn<string>("Video").ToArray());
        Assert.Contains("a/1.png", Assert.Throws<IOException>(() => Read(data)).Message);
    }

    [TestMethod]
    public void Crops_of_a_video_stream_in_order_of_time_with_their_labels()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        VideoFiles.Write(folder);
        folder.Write("boxes.csv", "frame,track,x,y,width,height\n0,a,10,5,20,20\n5,a,10,5,20,20\n2,b,30,5,20,20\n5,b,31,5,20,20\n");
        folder.Write("labels.csv",
            "frame,track,left_x,left_y,right_x,right_y,nose_x,nose_y\n5,a,19.5,14.5,12,6,nan,nan\n0,a,1,1,1,1,1,1\n");
        folder.Write("m.yaml",
            Manifest("{ kind: video-boxes, video: v.mp4, boxes: boxes.csv }",
                "{ all: { frames: [0, 9] }, test: { frames: [0, 9], labels: labels.csv } }"));

        Row[] all = Read(ml.Keypoints.LoadFromManifest(folder["m.yaml"], "all", folder.Path, new() { Width = 10, Height = 10 }));
        Row[] test = Read(ml.Keypoints.LoadFromManifest(folder["m.yaml"], "test", folder.Path, new() { Width = 10, Height = 10 }));

        CollectionAssert.AreEqual(
            new[] { (0L, "a"), (2L, "b"), (5L, "a"), (5L, "b") }, all.Select(row => (row.SourceFrame, row.Item)).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 0, 1, 1 }, all.Select(row => row.Frame).ToArray());
        foreach (Row row in all)
            // frames differ by 8; the codec loses a little
            Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf((int)row.SourceFrame) - row.Pixels[0]), $"frame {row.SourceFrame}");
        CollectionAssert.AreEqual(new[] { 4.5f, 4.5f }, test[1].Label[..2]); // the box's centre is the crop's
    }

    [TestMethod]
    public void Missing_splits_and_labels_are_named()
    {
        using var folder = new TemporaryFolder();
        string manifest = WriteImages(folder);
        Assert.Contains("has no split 'none'; it has: train",
            Assert.ThrowsExactly<ArgumentException>(() => ml.Keypoints.LoadFromManifest(manifest, "none", folder.Path)).Message);
        Assert.Contains("has no labels of a split 'none'",
            Assert.ThrowsExactly<ArgumentException>(() => ml.Keypoints.LoadFromManifest(manifest, "none", folder.Path, new()
            {
                Labels = true,
            })).Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => ml.Keypoints.LoadFromManifest(folder["none.yaml"], "train"));
    }

    private static string WritePuppets(TemporaryFolder folder) => folder.Write("puppets.yaml", """
        name: puppets
        description: People.
        terms: None.
        obtain: Nowhere.
        reader: { kind: puppets, test_videos: 2, test_frames_per_video: 3 }
        """);

    private static string WriteImages(TemporaryFolder folder)
    {
        foreach (string name in new[] { "a/1", "a/2", "b/1" })
        {
            folder.Write($"images/{name}.txt", "not a picture");
            ImageWriter.Write(new RgbImage(20, 20), folder[$"images/{name}.png"]);
        }
        folder.Write("labels.csv", "frame,left_x,left_y,right_x,right_y,nose_x,nose_y\na/1.png,2.5,4.5,1,1,,\nb/1.png,1,1,1,1,1,1\n");
        return folder.Write("m.yaml", Manifest("{ kind: image-folder }", "{ train: { folder: images, labels: labels.csv } }"));
    }

    private static string Manifest(string reader, string splits) => $$"""
        name: test
        description: Things.
        terms: None.
        obtain: Nowhere.
        reader: {{reader}}
        splits: {{splits}}
        prior: { poses: prior.csv, width: 20, height: 20 }
        skeleton: { name: three, keypoints: [left, right, nose] }
        metrics: { description: test }
        """;

    private Row[] Read(IDataView data) =>
    [
        .. ml.Data.CreateEnumerable<Row>(data, reuseRowObject: false, ignoreMissingColumns: true).Select(row =>
        {
            row.Pixels = MlImagePixels.ToRgbImage(row.Image!).Pixels;
            return row;
        }),
    ];

    private sealed class Row
    {
        [AnyImage]
        public MLImage? Image { get; set; }

        public string Video { get; set; } = "";

        public long Frame { get; set; }

        public long SourceFrame { get; set; }

        public string Item { get; set; } = "";

        public string Group { get; set; } = "";

        [VectorType]
        public float[] Label { get; set; } = [];

        [NoColumn]
        public byte[] Pixels { get; set; } = [];
    }
}
