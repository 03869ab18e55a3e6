using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>Boxes in several videos; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class VideoBoxesReaderTests
{
    private const string Yaml = """
        name: test
        description: Things.
        terms: None.
        obtain: Nowhere.
        root: data
        reader: { kind: video-boxes, videos: v, boxes: boxes.csv }
        splits:
          train: { step: 2 }
          one: { videos: [b.mp4] }
          test: { frames: [2, 3], labels: labels.csv }
        prior: { poses: prior.csv, width: 20, height: 20 }
        skeleton: { name: two, keypoints: [nose, tail] }
        metrics: { description: test }
        """;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Boxes_of_several_videos_are_cut_out_of_the_video_that_they_name(bool streaming)
    {
        using TemporaryFolder folder = NewFolder(Yaml);
        IDataset dataset = Open(folder, streaming);

        using IFrameSet training = dataset.OpenTrainingFrames();
        using LabelledFrames test = dataset.OpenLabelled("test");

        // Of the frames 0 to 3 of either video every second one.
        CollectionAssert.AreEqual(
            new[] { new Clip("v/a.mp4, track 0", 0, 2), new Clip("v/b.mp4, track 0", 2, 2) }, training.Clips.ToArray());
        CollectionAssert.AreEqual(
            new[] { "v/a.mp4 0", "v/a.mp4 2", "v/b.mp4 0", "v/b.mp4 2" },
            Enumerable.Range(0, 4).Select(i => $"{training.GetId(i).Source} {training.GetId(i).Frame}").ToArray());
        CollectionAssert.AreEqual(new[] { 40, 80, 140, 180 }, Levels(training), new Near(3));
        Assert.AreEqual(1, test.Frames.Count);
        Assert.AreEqual("v/b.mp4", test.Frames.GetId(0).Source);
        Assert.AreEqual(new Vector2(0, 0), test.Poses[0][0]);
    }

    [TestMethod]
    public void Split_may_be_some_of_the_videos()
    {
        using TemporaryFolder folder = NewFolder(Yaml);
        IDataset dataset =
            DataManifest.Load(folder["m.yaml"]).Open(new DatasetOptions { Width = 8, Height = 8, TrainingSplit = "one" });

        using IFrameSet frames = dataset.OpenTrainingFrames();

        CollectionAssert.AreEqual(new[] { 140, 160, 180, 200 }, Levels(frames), new Near(3));
    }

    [TestMethod]
    public void Box_beyond_any_picture_is_refused_by_its_line()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("boxes.csv", "frame,track,x,y,width,height\n0,a,1,1,9,9\n1,a,10,10,1e9,1e9\n");

        string message = Assert.ThrowsExactly<InvalidDataException>(() => BoxesCsvReader.Read(path)).Message;

        Assert.Contains("boxes.csv:3: the box (10, 10, 1E+09×1E+09) has a number beyond 1,000,000", message);
    }

    [TestMethod]
    [DataRow("videos: v,", "video: v/a.mp4,", "has the column 'source': its boxes are of several videos")]
    [DataRow("videos: v,", "video: v/a.mp4, videos: v,", "'videos' names the folder already")]
    [DataRow("videos: [b.mp4]", "videos: [c.mp4]", "has no box in split 'one'; it asks for the videos c.mp4")]
    [DataRow("videos: [b.mp4]", "videos: [b.mp4, c.mp4]", "the video c.mp4 that split 'one' asks for; it has some of a.mp4, b.mp4")]
    public void Boxes_that_do_not_fit_the_videos_are_told(string good, string bad, string expected)
    {
        Assert.Contains(good, Yaml);
        string yaml = Yaml.Replace(good, bad);
        // One video has no splits of videos.
        using TemporaryFolder folder = NewFolder(bad.Contains("videos", StringComparison.Ordinal)
            ? yaml
            : yaml.Replace("  one: { videos: [b.mp4] }\n", ""));

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            DataManifest manifest = DataManifest.Load(folder["m.yaml"]);
            string split = bad.Contains("c.mp4", StringComparison.Ordinal) ? "one" : "train";
            using IFrameSet frames = manifest.Open(new DatasetOptions { TrainingSplit = split }).OpenTrainingFrames();
        });

        Assert.Contains(expected, error.Message);
    }

    private static IDataset Open(TemporaryFolder folder, bool streaming) =>
        DataManifest.Load(folder["m.yaml"]).Open(new DatasetOptions { Width = 8, Height = 8, Streaming = streaming });

    private static int[] Levels(IFrameSet frames)
    {
        byte[] frame = new byte[frames.Width * frames.Height * 3];
        if (frames is ISequentialFrameSet sequential)
        {
            var levels = new SortedDictionary<int, int>();
            foreach (int index in sequential.Stream(frame))
                levels.Add(index, frame[0]);
            return [.. levels.Values];
        }
        return [.. Enumerable.Range(0, frames.Count).Select(i =>
        {
            frames.Read(i, frame);
            return (int)frame[0];
        })];
    }

    // Two videos of four frames each: a of the levels 40, 60, 80, 100, and b of 140, 160, 180, 200.
    private static TemporaryFolder NewFolder(string yaml)
    {
        if (FfmpegVersion.Find() is null)
            Assert.Inconclusive("Skipped: ffmpeg is not installed.");
        var folder = new TemporaryFolder();
        folder.Write("m.yaml", yaml);
        folder.Write("data/boxes.csv", "source,frame,track,x,y,width,height\n" + string.Concat(
            new[] { "a", "b" }.SelectMany(name => Enumerable.Range(0, 4).Select(i => $"{name}.mp4,{i},0,8,8,16,16\n"))));
        folder.Write("data/labels.csv", "source,frame,track,nose_x,nose_y,tail_x,tail_y\nb.mp4,2,0,8.5,8.5,20,20\na.mp4,1,0,8,8,9,9\n");
        Directory.CreateDirectory(folder["data/v"]);
        Write(folder["data/v/a.mp4"], 40);
        Write(folder["data/v/b.mp4"], 140);
        return folder;
    }

    private static void Write(string path, int level)
    {
        using var writer = new VideoWriter(path, 64, 48, 25);
        for (int i = 0; i < 4; i++)
        {
            var image = new RgbImage(64, 48);
            Array.Fill(image.Pixels, (byte)(level + 20 * i));
            writer.Write(image);
        }
        writer.Complete();
    }

    private sealed class Near(int most) : System.Collections.IComparer
    {
        public int Compare(object? x, object? y) => Math.Abs((int)x! - (int)y!) <= most ? 0 : 1;
    }
}
