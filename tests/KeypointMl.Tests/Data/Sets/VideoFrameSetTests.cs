using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class VideoFrameSetTests
{
    private const int Size = 1024;

    [TestMethod]
    [DataRow(0L, 5)]
    [DataRow(8L * Size * Size * 3, 8)]
    [DataRow(4L << 30, 11)]
    public void Long_clip_is_kept_in_blocks_within_the_limit(long memory, int mostKept)
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using VideoFrameSet frames = Open(folder, 11, memory);
        byte[] frame = new byte[Size * Size * 3];

        foreach (int i in (int[])[.. Enumerable.Range(0, 11), 3, 9, 0])
        {
            frames.Read(i, frame);

            Assert.IsLessThan(4, Math.Abs(20 + 20 * i - frame[^1]), $"frame {i}");
            Assert.IsLessThanOrEqualTo(mostKept, frames.FramesKept);
        }
    }

    [TestMethod]
    public void Damaged_video_is_decoded_once_and_says_the_same_of_all_its_frames()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using VideoFrameSet frames = Open(folder, 3, 4L << 30);
        byte[] good = File.ReadAllBytes(folder["v.mp4"]);
        folder.Write("v.mp4", "no video");
        byte[] frame = new byte[Size * Size * 3];

        string first = Assert.ThrowsExactly<InvalidDataException>(() => frames.Read(0, frame)).Message;
        folder.Write("v.mp4", good); // it is not looked at again
        string second = Assert.ThrowsExactly<InvalidDataException>(() => frames.Read(1, frame)).Message;

        Assert.AreEqual(first, second);
    }

    private static VideoFrameSet Open(TemporaryFolder folder, int frames, long memory)
    {
        SetFiles.Video(folder, "v.mp4", 64, 64, frames);
        Sample[] samples =
            [.. Enumerable.Range(0, frames).Select(i => new Sample(folder["v.mp4"], "v.mp4", "v.mp4", null) { Frame = i })];
        return new VideoFrameSet(samples, [new Clip("v.mp4", 0, frames)], new DatasetOptions
        {
            Width = Size,
            Height = Size,
            MemoryBytes = memory,
        });
    }
}
