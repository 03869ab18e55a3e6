using System.Globalization;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>An ffmpeg that waits gives what one that is started gives, whatever the container, and reads nothing else.</summary>
[TestClass]
public sealed class FfmpegStandbyTests
{
    private const int Frames = 60;

    [TestMethod]
    [DataRow("plain.mp4", "-c:v libx264 -g 12 -bf 0")]
    [DataRow("b-frames.mp4", "-c:v libx264 -g 12 -bf 3")]
    [DataRow("open.mkv", "-c:v libx264 -g 12 -bf 3 -x264-params open-gop=1")]
    [DataRow("it's a 'name' of (odd) \\ signs %d.mp4", "-c:v libx264 -g 12")]
    [DataRow("sound.mkv", "-c:v libx264 -g 12 -c:a flac", "-f lavfi -i sine=d=2.4")]
    [DataRow("late.mp4", "-c:v libx264 -g 12 -output_ts_offset 3.7")]
    [DataRow("fast.mp4", "-c:v libx264 -g 12")]
    [DataRow("every-frame-a-key.avi", "-c:v mjpeg -q:v 3")]
    public void Frames_are_those_of_an_ordinary_reader(string name, string codec, string further = "")
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = Make(folder[name], codec, further);
        byte[][] expected = Decode(path);
        var index = VideoIndex.Read(path);
        using var standby = new FfmpegStandby();

        foreach (int first in (int[])[0, 1, 12, 13, 23, 24, 25, 47, 59, 30, 11])
        {
            standby.Prepare();
            WaitFor(standby);
            using FfmpegVideoReader reader = standby.Open(index, first);
            for (int i = first; i < Math.Min(first + 3, Frames); i++)
                CollectionAssert.AreEqual(expected[i], reader.Read()!.Pixels, $"frame {i} of those from {first} on");
        }

        Assert.HasCount(Frames, expected);
    }

    [TestMethod]
    [DataRow("plain.mp4", "-c:v libx264 -g 12 -bf 0")]
    [DataRow("b-frames.mp4", "-c:v libx264 -g 12 -bf 3")]
    [DataRow("open.mkv", "-c:v libx264 -g 12 -bf 3 -x264-params open-gop=1")]
    [DataRow("late.mp4", "-c:v libx264 -g 12 -output_ts_offset 3.7")]
    [DataRow("fast.mp4", "-c:v libx264 -g 12")]
    public void Key_frame_comes_first_and_the_frame_itself_next(string name, string codec)
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = Make(folder[name], codec, "");
        byte[][] expected = Decode(path);
        var index = VideoIndex.Read(path);
        using var standby = new FfmpegStandby();

        foreach (int frame in (int[])[0, 1, 12, 13, 23, 24, 25, 47, 57, 30, 11])
        {
            standby.Prepare();
            WaitFor(standby);
            using FfmpegVideoReader reader = standby.OpenNear(index, frame);
            bool wasUsed = !standby.IsReady;
            long key = index.KeyFrameBefore(frame);
            long second = wasUsed ? Math.Max(key + 1, frame) : key + 1;
            foreach (long number in (long[])[key, second, second + 1])
            {
                Assert.AreEqual(number, reader.NextFrame, $"near {frame}");
                CollectionAssert.AreEqual(expected[number], reader.Read()!.Pixels, $"frame {number}, near {frame}");
                Assert.AreEqual(number, reader.LastFrame, $"near {frame}");
            }
        }
    }

    [TestMethod]
    public void Waiting_ffmpeg_is_used_for_what_lies_behind_a_key_frame()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        var index = VideoIndex.Read(Make(folder["v.mp4"], "-c:v libx264 -g 12"));
        using var standby = new FfmpegStandby();
        standby.Prepare();
        WaitFor(standby);

        using (standby.Open(index, 40))
            Assert.IsFalse(standby.IsReady);
    }

    [TestMethod]
    public void List_that_takes_the_videos_place_leads_nowhere()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = Make(folder["v.mp4"], "-c:v libx264 -g 12");
        Make(folder["other.mp4"], "-c:v libx264 -g 12");
        var index = VideoIndex.Read(path);
        folder.Write("v.mp4", "ffconcat version 1.0\nfile other.mp4\n");
        using var standby = new FfmpegStandby();
        standby.Prepare();
        WaitFor(standby);

        using FfmpegVideoReader reader = standby.Open(index, 40);
        bool wasReady = standby.IsReady;
        var error = Assert.ThrowsExactly<InvalidDataException>(() => reader.Read());

        Assert.IsFalse(wasReady);
        Assert.Contains("only 0 frames could be read", error.Message);
    }

    [TestMethod]
    public void Disposed_standby_still_opens_and_keeps_nothing_running()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        var index = VideoIndex.Read(Make(folder["v.mp4"], "-c:v libx264 -g 12"));
        var standby = new FfmpegStandby();
        standby.Prepare();

        standby.Dispose();
        standby.Prepare();
        using FfmpegVideoReader reader = standby.Open(index, 40);

        Assert.IsFalse(standby.IsReady);
        Assert.IsNotNull(reader.Read());
    }

    private static string Make(string path, string codec, string further = "")
    {
        int rate = path.EndsWith("fast.mp4", StringComparison.Ordinal) ? 600 : 25;
        string pictures = string.Create(CultureInfo.InvariantCulture, $"testsrc=size=64x48:rate={rate}:duration={(double)Frames / rate}");
        VideoFiles.Run(["-f", "lavfi", "-i", pictures, .. Words(further), .. Words(codec), "-pix_fmt", "yuv420p", "file:" + path]);
        return path;
    }

    private static byte[][] Decode(string path)
    {
        using FfmpegVideoReader ordinary = FfmpegVideoReader.Open(path);
        return [.. ordinary.ReadFrames().Select(frame => frame.Image.Pixels.ToArray())];
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static void WaitFor(FfmpegStandby standby) =>
        Assert.IsTrue(SpinWait.SpinUntil(() => standby.IsReady, TimeSpan.FromSeconds(30)), "no ffmpeg waits");
}
