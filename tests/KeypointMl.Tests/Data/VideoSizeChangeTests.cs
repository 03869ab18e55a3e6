using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class VideoSizeChangeTests
{
    [TestMethod]
    [DataRow("v.webm", 0, null)]
    [DataRow("v.webm", 5, null)]
    [DataRow("v.webm", 5, 20)]
    [DataRow("v.webm", 3, 9)]
    [DataRow("v.webm", 20, 10)]
    [DataRow("v.h264", 0, null)]
    [DataRow("v.h264", 16, 7)]
    [DataRow("v.ts", 5, 20)]
    [DataRow("v.mp4", 14, 2)]
    public async Task Every_frame_comes_with_its_number_in_its_own_size(string name, int first, int? count)
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoThatChangesSize.Make(folder, name);
        int[] numbers = [.. Enumerable.Range(first, count ?? VideoThatChangesSize.Frames - first)];

        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path, first, count);
        AssertFrames(numbers,
            reader.ReadFrames().Select(frame => (frame.Number, frame.Image.Width, frame.Image.Height, frame.Image.Pixels[^100])));
        using FfmpegVideoReader other = FfmpegVideoReader.Open(path, first, count);
        var frames = new List<(long, int, int, byte)>();
        await foreach (VideoFrame frame in other.ReadFramesAsync())
            frames.Add((frame.Number, frame.Image.Width, frame.Image.Height, frame.Image.Pixels[^100]));
        AssertFrames(numbers, frames);
    }

    [TestMethod]
    public void Buffer_of_the_first_size_is_not_filled_with_frames_of_another()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(VideoThatChangesSize.Make(folder, "v.webm"), firstFrame: 14);
        byte[] frame = new byte[64 * 48 * 3];

        Assert.IsTrue(reader.TryRead(frame));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => reader.TryRead(frame));

        Assert.Contains("frame 15 is 48×80, not 64×48", error.Message);
        Assert.IsFalse(reader.TryRead(frame));
    }

    [TestMethod]
    public void Sizes_of_frames_are_told_without_their_pixels()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();

        VideoFrameSizes sizes = VideoFrameSizes.Read(VideoThatChangesSize.Make(folder, "v.webm"), 29);

        foreach (int frame in (int[])[0, 14, 15, 29])
            Assert.AreEqual(VideoThatChangesSize.SizeOf(frame), sizes.Of(frame));
        Assert.AreEqual(Box.WholeImage(48, 80), sizes.WholeFrame(20));
    }

    [TestMethod]
    public void Crops_of_tracks_are_cut_in_pixels_of_their_own_frames()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        VideoThatChangesSize.Make(folder, "v.webm");
        folder.Write("boxes.csv", "frame,track,x,y,width,height\n3,a,44,8,20,20\n20,a,8,56,20,20\n");
        folder.Write("m.yaml", """
            name: test
            description: Things.
            terms: None.
            obtain: Nowhere.
            reader: { kind: video-boxes, video: v.webm, boxes: boxes.csv }
            splits: { train: { frames: [0, 29] }, wrong: { frames: [0, 29] } }
            prior: { poses: prior.csv, width: 20, height: 20 }
            skeleton: { name: three, keypoints: [left, right, nose] }
            metrics: { description: test }
            """);
        var options = new DatasetOptions { DataRoot = folder.Path, Width = 20, Height = 20 };
        byte[] crop = new byte[20 * 20 * 3];

        foreach (bool streaming in (bool[])[false, true])
        {
            using IFrameSet frames = DataManifest.Load(folder["m.yaml"]).Open(options with
            {
                Streaming = streaming,
            }).OpenTrainingFrames();
            frames.Read(1, crop);
            Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf(20) - crop[600]));
        }

        // Inside of the first size, outside of the frame's own.
        folder.Write("boxes.csv", "frame,track,x,y,width,height\n20,a,50,8,10,20\n");
        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => DataManifest.Load(folder["m.yaml"]).Open(options).OpenTrainingFrames());
        Assert.Contains("lies outside the 48×80 frames", error.Message);
    }

    [TestMethod]
    public void Labels_of_whole_frames_are_scaled_by_their_own_frame()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        VideoThatChangesSize.Make(folder, "v.webm");
        folder.Write("poses.csv", "source,frame,nose_x,nose_y\nv.webm,3,31.5,23.5\nv.webm,20,23.5,39.5\n");
        folder.Write("m.yaml", """
            name: test
            description: Things.
            terms: None.
            obtain: Nowhere.
            reader: { kind: pose-file, root: ., whole_images: true }
            splits: { train: { poses: poses.csv }, test: { poses: poses.csv } }
            prior: { poses: prior.csv, width: 20, height: 20 }
            skeleton: { name: one, keypoints: [nose] }
            metrics: { description: test }
            """);
        IDataset dataset = DataManifest.Load(folder["m.yaml"]).Open(new DatasetOptions
        {
            DataRoot = folder.Path,
            Width = 16,
            Height = 16,
        });

        using LabelledFrames test = dataset.OpenLabelled("test");

        // Both points are the centres of their frames.
        Assert.AreEqual(new System.Numerics.Vector2(7.5f, 7.5f), test.Poses[0][0]);
        Assert.AreEqual(new System.Numerics.Vector2(7.5f, 7.5f), test.Poses[1][0]);
        Assert.AreEqual(Box.WholeImage(48, 80), test.Frames.GetId(1).Box);
        byte[] frame = new byte[16 * 16 * 3];
        test.Frames.Read(1, frame);
        Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf(20) - frame[300]));
    }

    private static void AssertFrames(int[] numbers, IEnumerable<(long Number, int Width, int Height, byte Grey)> frames)
    {
        int next = 0;
        foreach ((long number, int width, int height, byte grey) in frames)
        {
            Assert.AreEqual(numbers[next++], number);
            Assert.AreEqual(VideoThatChangesSize.SizeOf(number), (width, height));
            // frames differ by 8; the codec loses a little
            Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf((int)number) - grey), $"frame {number}");
        }
        Assert.AreEqual(numbers.Length, next);
    }
}
