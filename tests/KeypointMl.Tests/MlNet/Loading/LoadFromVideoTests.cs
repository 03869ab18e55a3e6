using KeypointMl.Data.Readers;
using KeypointMl.Detection;
using KeypointMl.Loading;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>The test video has 30 frames of 64×48, each of one grey.</summary>
[TestClass]
public sealed class LoadFromVideoTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Every_frame_is_a_row_with_its_number_and_picture()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder);
        IDataView video = ml.Keypoints.LoadFromVideo(path);

        for (int pass = 0; pass < 2; pass++) // as often as one likes
        {
            VideoRow[] rows = Read(video);
            Assert.HasCount(VideoFiles.Frames, rows);
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.AreEqual((path, i, ""), (rows[i].Source, rows[i].Frame, rows[i].Item));
                CollectionAssert.AreEqual(new float[] { 0, 0, VideoFiles.Width, VideoFiles.Height }, rows[i].Box);
                // frames differ by 8; the codec loses a little
                Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf(i) - rows[i].Grey), $"frame {i}");
            }
        }
        Assert.AreEqual(VideoFiles.Frames, video.GetRowCount());
        Assert.IsFalse(video.CanShuffle);
    }

    [TestMethod]
    public void Range_and_step_choose_frames()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        IDataView video = ml.Keypoints.LoadFromVideo(VideoFiles.Write(folder), new()
        {
            FirstFrame = 4,
            LastFrame = 20,
            FrameStep = 5,
        });

        VideoRow[] rows = Read(video);

        CollectionAssert.AreEqual(new long[] { 4, 9, 14, 19 }, rows.Select(row => row.Frame).ToArray());
        Assert.IsTrue(rows.All(row => Math.Abs(VideoFiles.GreyOf((int)row.Frame) - row.Grey) < 4));
        Assert.AreEqual(4, video.GetRowCount());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    public void Video_that_changes_its_size_gives_each_frame_in_its_own(int first)
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        IDataView video = ml.Keypoints.LoadFromVideo(VideoThatChangesSize.Make(folder, "v.webm"), new() { FirstFrame = first });

        VideoRow[] rows = Read(video);

        CollectionAssert.AreEqual(Enumerable.Range(first, VideoThatChangesSize.Frames - first).Select(i => (long)i).ToArray(),
            rows.Select(row => row.Frame).ToArray());
        foreach (VideoRow row in rows)
        {
            (int width, int height) = VideoThatChangesSize.SizeOf(row.Frame);
            Assert.AreEqual((width, height), row.Size);
            CollectionAssert.AreEqual(new float[] { 0, 0, width, height }, row.Box);
            Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf((int)row.Frame) - row.Grey), $"frame {row.Frame}");
        }
    }

    [TestMethod]
    public void Boxes_are_compared_with_the_size_of_their_own_frame()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoThatChangesSize.Make(folder, "v.webm");
        string good = folder.Write("good.csv", "frame,track,x,y,width,height\n20,a,10,50,20,20\n");
        string outside = folder.Write("outside.csv", "frame,track,x,y,width,height\n3,a,10,50,20,20\n");
        string later = folder.Write("later.csv", "frame,track,x,y,width,height\n20,a,50,10,10,20\n");

        Assert.AreEqual(20, Read(ml.Keypoints.LoadFromVideo(path, new() { Boxes = BoxesCsvReader.Read(good) })).Single().Frame);
        Assert.Contains("lies outside the 64×48", Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromVideo(path, new()
        {
            Boxes = BoxesCsvReader.Read(outside),
        })).Message);
        Assert.Contains("lies outside the 48×80",
            Assert.ThrowsExactly<InvalidDataException>(() => Read(ml.Keypoints.LoadFromVideo(path, new()
            {
                Boxes = BoxesCsvReader.Read(later),
            }))).Message);
    }

    [TestMethod]
    public void Boxes_are_rows_in_order_of_time()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder);
        string boxes = folder.Write("boxes.csv",
            "frame,track,x,y,width,height\n3,a,10,5,20,20\n9,a,11,5,20,20\n3,b,30.5,5,20,20\n29,b,31,5,-0,20\n".Replace("-0", "2"));
        IDataView video = ml.Keypoints.LoadFromVideo(path, new() { Boxes = BoxesCsvReader.Read(boxes) });

        VideoRow[] rows = Read(video);

        CollectionAssert.AreEqual(
            new[] { (3L, "a"), (3L, "b"), (9L, "a"), (29L, "b") }, rows.Select(row => (row.Frame, row.Item)).ToArray());
        CollectionAssert.AreEqual(new float[] { 30.5f, 5, 20, 20 }, rows[1].Box);
        Assert.IsTrue(rows.All(row => Math.Abs(VideoFiles.GreyOf((int)row.Frame) - row.Grey) < 4));
        Assert.AreEqual(4, video.GetRowCount());
    }

    [TestMethod]
    public void Detection_looks_into_the_boxes()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string boxes = folder.Write("boxes.csv", "frame,track,x,y,width,height\n3,a,10,5,20,16\n9,a,20,9,20,16\n");
        IDataView video = ml.Keypoints.LoadFromVideo(VideoFiles.Write(folder), new() { Boxes = BoxesCsvReader.Read(boxes) });
        using KeypointDetectingTransformer transformer = ml.Transforms.DetectKeypoints(
            "Keypoints", "Image", TestModels.Detector(), TestData.Options with { BoxColumnName = "Box" }).Fit(video);

        float[][] keypoints = [.. transformer.Transform(video).GetColumn<float[]>("Keypoints")];

        // Centroids of the box, which is of one grey to within the codec's loss.
        Assert.AreEqual(10 + 9.5f, keypoints[0][0], 0.1f);
        Assert.AreEqual(9 + 7.5f, keypoints[1][1], 0.1f);
    }

    [TestMethod]
    public void Frames_not_asked_for_are_not_decoded()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder);
        IDataView video = ml.Keypoints.LoadFromVideo(path);
        Assert.AreEqual(VideoFiles.Frames, video.GetRowCount());
        File.Delete(path); // its header and its packets were read

        CollectionAssert.AreEqual(
            Enumerable.Range(0, VideoFiles.Frames).Select(i => (long)i).ToArray(), video.GetColumn<long>("Frame").ToArray());
        Assert.ThrowsExactly<FileNotFoundException>(() => Read(video));
    }

    [TestMethod]
    public void Truncated_video_gives_its_frames_and_then_says_how_many_there_were()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder, noise: true);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        IDataView video = ml.Keypoints.LoadFromVideo(path);
        int given = 0;

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            foreach (VideoRow _ in Enumerate(video))
                given++;
        });

        Assert.IsGreaterThan(0, given);
        Assert.Contains($"only {given} of 30 frames could be read; the video is truncated or damaged", error.Message);
    }

    [TestMethod]
    public void What_cannot_be_given_is_named()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder);
        string text = folder.Write("text.mp4", "not a video");
        string outside = folder.Write("outside.csv", "frame,track,x,y,width,height\n0,a,64,5,20,20\n");
        string late = folder.Write("late.csv", "frame,track,x,y,width,height\n30,a,4,5,20,20\n");
        string other = folder.Write("other.csv", "source,frame,track,x,y,width,height\nw.mp4,3,a,4,5,20,20\n");

        Assert.Contains("text.mp4 cannot be read as a video",
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromVideo(text)).Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => ml.Keypoints.LoadFromVideo(folder["none.mp4"]));
        Assert.Contains("has 30 frames; frame 30 was asked for",
            Assert.ThrowsExactly<ArgumentException>(() => ml.Keypoints.LoadFromVideo(path, new()
            {
                LastFrame = 30,
            })).Message);
        Assert.Contains("LastFrame is 3, before FirstFrame 5",
            Assert.ThrowsExactly<ArgumentException>(() => ml.Keypoints.LoadFromVideo(path, new()
            {
                FirstFrame = 5,
                LastFrame = 3,
            })).Message);
        Assert.Contains("outside.csv:2: the box (64, 5, 20×20) lies outside",
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromVideo(path, new()
            {
                Boxes = BoxesCsvReader.Read(outside),
            })).Message);
        Assert.Contains("late.csv:2: frame 30", Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromVideo(path, new()
        {
            Boxes = BoxesCsvReader.Read(late),
        })).Message);
        Assert.Contains("None of the 1 boxes", Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromVideo(path, new()
        {
            Boxes = BoxesCsvReader.Read(other),
        })).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VideoLoadingOptions { FrameStep = 0 });
    }

    private VideoRow[] Read(IDataView video) => [.. Enumerate(video)];

    private IEnumerable<VideoRow> Enumerate(IDataView video)
    {
        foreach (VideoRow row in ml.Data.CreateEnumerable<VideoRow>(video, reuseRowObject: false))
        {
            row.Size = (row.Image!.Width, row.Image.Height);
            row.Grey = MlImagePixels.ToRgbImage(row.Image).Pixels[3000];
            yield return row;
        }
    }

    private sealed class VideoRow
    {
        [AnyImage]
        public MLImage? Image { get; set; }

        public string Source { get; set; } = "";

        public long Frame { get; set; }

        public string Item { get; set; } = "";

        [VectorType(4)]
        public float[] Box { get; set; } = [];

        [NoColumn]
        public int Grey { get; set; }

        [NoColumn]
        public (int Width, int Height) Size { get; set; }
    }
}
