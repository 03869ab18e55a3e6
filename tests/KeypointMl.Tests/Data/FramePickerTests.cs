using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>Some frames of a video of 450 frames, each told by its grey in steps of 8.</summary>
[TestClass]
public sealed class FramePickerTests
{
    private const int Frames = 450;

    [TestMethod]
    [DataRow(60, new long[] { 0 })]
    [DataRow(60, new long[] { 449 })]
    [DataRow(60, new long[] { 3, 3, 4, 153, 154, 305, 306, 449 })]
    [DataRow(60, new long[] { 151, 302, 302 })]
    [DataRow(1000, new long[] { 3, 160, 400 })]
    public void Frames_that_are_picked_are_those_that_reading_all_gives(int keyFrameEvery, long[] numbers)
    {
        using TemporaryFolder folder = NewVideo(keyFrameEvery);
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(folder["v.mp4"]);
        byte[] greys = [.. reader.ReadFrames().Select(frame => frame.Image.Pixels[0])];

        (long Number, byte Grey)[] picked =
            [.. new FramePicker().Read(folder["v.mp4"], numbers).Select(frame => (frame.Number, frame.Image.Pixels[0]))];

        Assert.HasCount(Frames, greys);
        CollectionAssert.AreEqual(numbers.Distinct().Select(number => (number, greys[number])).ToArray(), picked);
    }

    [TestMethod]
    public void Frame_behind_the_last_is_refused()
    {
        using TemporaryFolder folder = NewVideo(keyFrameEvery: 60);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => new FramePicker().Read(folder["v.mp4"], [2, 450]).ToList());

        Assert.Contains("450", error.Message);
    }

    private static TemporaryFolder NewVideo(int keyFrameEvery)
    {
        RealData.RequireFfmpeg();
        var folder = new TemporaryFolder();
        using (var writer = new VideoWriter(folder["all.mp4"], 32, 32, 25))
        {
            byte[] frame = new byte[32 * 32 * 3];
            for (int i = 0; i < Frames; i++)
            {
                Array.Fill(frame, (byte)(8 + 8 * (i % 29)));
                writer.Write(frame);
            }
            writer.Complete();
        }
        VideoFiles.Run(["-i", folder["all.mp4"], "-g", $"{keyFrameEvery}", "-bf", "2", "-qp", "4", folder["v.mp4"]]);
        return folder;
    }
}
