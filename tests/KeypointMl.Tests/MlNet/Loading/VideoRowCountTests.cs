using System.Buffers.Binary;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>Rows of videos whose header is wrong about the number of frames.</summary>
[TestClass]
public sealed class VideoRowCountTests
{
    private const int Hidden = 12;

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Frames_that_an_edit_list_hides_are_no_rows()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        IDataView video = ml.Keypoints.LoadFromVideo(WithHiddenFrames(folder));

        AssertFrames(video, first: 0, [.. Enumerable.Range(Hidden, VideoFiles.Frames - Hidden)]);
    }

    [TestMethod]
    public void First_frame_among_those_that_an_edit_list_hides_is_refused_with_the_number_there_are()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = WithHiddenFrames(folder);
        IDataView last = ml.Keypoints.LoadFromVideo(path, new() { FirstFrame = 17 });
        IDataView beyond = ml.Keypoints.LoadFromVideo(path, new() { FirstFrame = 18 });
        IDataView range = ml.Keypoints.LoadFromVideo(path, new() { FirstFrame = 10, LastFrame = 20 });

        AssertFrames(last, first: 17, [VideoFiles.Frames - 1]);
        Assert.Contains("has 18 frames; frame 18 was asked for",
            Assert.ThrowsExactly<InvalidDataException>(() => beyond.GetColumn<long>("Frame").ToArray()).Message);
        Assert.Contains("has 18 frames; frame 20 was asked for",
            Assert.ThrowsExactly<InvalidDataException>(() => AssertFrames(range, 10, [])).Message);
    }

    [TestMethod]
    public void Frames_beyond_those_that_the_header_declares_are_rows()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Make(folder, "v.avi", ["-an", "-c:v", "mjpeg", "-q:v", "2"]);
        byte[] bytes = File.ReadAllBytes(path);
        int stream = bytes.AsSpan().IndexOf("strh"u8);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(stream + 8 + 32), 10); // dwLength
        File.WriteAllBytes(path, bytes);

        AssertFrames(ml.Keypoints.LoadFromVideo(path), first: 0, [.. Enumerable.Range(0, VideoFiles.Frames)]);
        AssertFrames(ml.Keypoints.LoadFromVideo(path, new() { FirstFrame = 10, LastFrame = 20 }), 10, [.. Enumerable.Range(10, 11)]);
        Assert.Contains("has 30 frames; frame 30 was asked for",
            Assert.ThrowsExactly<ArgumentException>(() => ml.Keypoints.LoadFromVideo(path, new() { LastFrame = 30 })).Message);
    }

    private static string WithHiddenFrames(TemporaryFolder folder) => VideoFiles.Make(folder, "cut.mp4", ["-c", "copy"], "-ss", "0.48");

    // The frames are told apart by their grey.
    private void AssertFrames(IDataView video, int first, int[] originals)
    {
        var greys = new List<int>();
        foreach (FrameRow row in ml.Data.CreateEnumerable<FrameRow>(video, reuseRowObject: false))
        {
            Assert.AreEqual(first + greys.Count, row.Frame);
            greys.Add(MlImagePixels.ToRgbImage(row.Image!).Pixels[3000]);
        }

        Assert.HasCount(originals.Length, greys);
        Assert.AreEqual(originals.Length, video.GetRowCount());
        for (int i = 0; i < originals.Length; i++)
            Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf(originals[i]) - greys[i]), $"row {i}");
    }

    private sealed class FrameRow
    {
        [AnyImage]
        public MLImage? Image { get; set; }

        public long Frame { get; set; }
    }
}
