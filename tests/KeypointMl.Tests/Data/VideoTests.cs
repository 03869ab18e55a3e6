using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>Videos are made by the writer and read back; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class VideoTests
{
    [TestMethod]
    public void Video_reads_back_every_frame_with_its_number_and_grey()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder);

        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);
        (long Number, int Grey)[] frames = [.. reader.ReadFrames().Select(frame => (frame.Number, (int)frame.Image.Pixels[3000]))];

        Assert.AreEqual(new VideoInfo(path, VideoFiles.Width, VideoFiles.Height, VideoFiles.Frames, 25, "h264"), reader.Info);
        Assert.HasCount(VideoFiles.Frames, frames);
        for (int i = 0; i < VideoFiles.Frames; i++)
        {
            Assert.AreEqual(i, frames[i].Number);
            Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf(i) - frames[i].Grey), $"frame {i}"); // frames differ by 8; the codec loses a little
        }
        Assert.AreEqual("", reader.Warnings);
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public async Task Range_of_frames_is_exact()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(VideoFiles.Write(folder), firstFrame: 11, count: 5);
        var frames = new List<(long Number, int Grey)>();

        await foreach (VideoFrame frame in reader.ReadFramesAsync())
            frames.Add((frame.Number, frame.Image.Pixels[3000]));

        CollectionAssert.AreEqual(new long[] { 11, 12, 13, 14, 15 }, frames.Select(frame => frame.Number).ToArray());
        Assert.IsTrue(frames.All(frame => Math.Abs(frame.Grey - VideoFiles.GreyOf((int)frame.Number)) < 4));
    }

    [TestMethod]
    public void Frames_beyond_the_end_are_refused()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => FfmpegVideoReader.Open(path, firstFrame: 20, count: 11));

        Assert.Contains($"{path} has 30 frames; frame 30 was asked for", error.Message);
    }

    [TestMethod]
    public void Truncated_video_says_how_many_frames_could_be_read()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder, noise: true);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);
        var error = Assert.ThrowsExactly<InvalidDataException>(() => reader.ReadFrames().Count());

        StringAssert.Matches(error.Message,
            new System.Text.RegularExpressions.Regex("only [0-9]+ of 30 frames could be read; the video is truncated or damaged"));
    }

    [TestMethod]
    public void Files_that_are_no_video_are_named()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string text = folder.Write("text.mp4", "not a video");
        string header = folder["header.mp4"];
        File.WriteAllBytes(header, File.ReadAllBytes(VideoFiles.Write(folder))[..200]);

        Assert.Contains("text.mp4 cannot be read as a video",
            Assert.ThrowsExactly<InvalidDataException>(() => FfmpegVideoReader.Open(text)).Message);
        Assert.Contains("header.mp4 has no video stream",
            Assert.ThrowsExactly<InvalidDataException>(() => FfmpegVideoReader.Open(header)).Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => FfmpegVideoReader.Open(folder["none.mp4"]));
    }

    [TestMethod]
    public void Sound_without_pictures_has_no_video_stream()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        // A WAV file of 100 silent samples.
        byte[] wav =
        [
            .. "RIFF"u8, 236, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16,
            0, .. "data"u8, 200, 0, 0, 0, .. new byte[200],
        ];
        string path = folder["sound.wav"];
        File.WriteAllBytes(path, wav);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => VideoProbe.Read(path));

        Assert.Contains("has no video stream", error.Message);
    }

    [TestMethod]
    public void Reader_disposed_in_the_middle_ends_ffmpeg_without_complaint()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        FfmpegVideoReader reader = FfmpegVideoReader.Open(VideoFiles.Write(folder));
        byte[] frame = new byte[VideoFiles.Width * VideoFiles.Height * 3];

        Assert.IsTrue(reader.TryRead(frame));
        reader.Dispose();

        Assert.IsFalse(reader.TryRead(frame));
    }

    [TestMethod]
    public void Writer_that_is_not_completed_leaves_nothing()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using (var writer = new VideoWriter(folder["v.mp4"], VideoFiles.Width, VideoFiles.Height, 25))
            writer.Write(new byte[VideoFiles.Width * VideoFiles.Height * 3]);

        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Odd_sizes_are_written_with_one_more_pixel()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = folder["v.mp4"];
        using (var writer = new VideoWriter(path, 33, 21, 10))
        {
            writer.Write(new byte[33 * 21 * 3]);
            writer.Complete();
        }

        Assert.AreEqual(new VideoInfo(path, 34, 22, 1, 10, "h264"), VideoProbe.Read(path));
    }

    [TestMethod]
    public void Missing_program_says_how_to_install_it()
    {
        var error = Assert.ThrowsExactly<FfmpegNotFoundException>(() => FfmpegProcess.Start("no-such-ffmpeg", []));

        Assert.Contains("'no-such-ffmpeg'", error.Message);
        Assert.Contains("apt-get install ffmpeg", error.Message);
        Assert.Contains("folder of images", error.Message);
    }

    [TestMethod]
    [DataRow("ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright", true)]
    [DataRow("ffmpeg version 5.0.1 Copyright", true)]
    [DataRow("ffmpeg version 5.1.9-0+deb12u1 Copyright", false)]
    [DataRow("ffmpeg version n7.1 Copyright", false)]
    [DataRow("ffmpeg version N-109542-g2f5e8a3 Copyright", false)]
    public void Version_line_tells_old_option_names_from_new(string line, bool before51) =>
    Assert.AreEqual(before51, FfmpegVersion.IsBefore51(line));

    [TestMethod]
    public void Video_boxes_reader_cuts_tracks_out_of_frames_and_moves_labels_into_crops()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        VideoFiles.Write(folder);
        WriteDataset(folder,
            "frame,track,x,y,width,height\n0,a,10,5,20,20\n0,b,30,5,20,20\n1,b,31,5,20,20\n1,a,-8,-8,20,20\n7,a,10,5,20,20\n");
        folder.Write("labels.csv",
            "frame,track,left_x,left_y,left_score,right_x,right_y,nose_x,nose_y\n7,a,19.5,14.5,0.9,12,6,nan,nan\n0,a,1,1,1,1,1,1,1\n");
        IDataset dataset = DataManifest.Load(folder["m.yaml"]).Open(new DatasetOptions
        {
            DataRoot = folder.Path,
            Width = 10,
            Height = 10,
        });

        using IFrameSet training = dataset.OpenTrainingFrames();
        using LabelledFrames test = dataset.OpenLabelled("test");

        Assert.AreEqual(4, training.Count);
        CollectionAssert.AreEqual(new[] { 2, 2 }, training.Clips.Select(clip => clip.Length).ToArray());
        Assert.AreEqual((1L, "a"), (training.GetId(1).Frame, training.GetId(1).Item));
        byte[] frame = new byte[300];
        training.Read(3, frame); // track b, frame 1
        Assert.IsLessThan(4, Math.Abs(VideoFiles.GreyOf(1) - frame[150]));
        Assert.AreEqual(1, test.Frames.Count);
        Assert.AreEqual(new System.Numerics.Vector2(4.5f, 4.5f), test.Poses[0][0]); // the box's centre is the crop's
        Assert.IsTrue(float.IsNaN(test.Poses[0][2].X));
    }

    [TestMethod]
    [DataRow("frame,track,x,y,width,height\n0,a,64,5,20,20\n", "boxes.csv:2: the box (64, 5, 20×20) lies outside the 64×48 frames")]
    [DataRow("frame,track,x,y,width,height\n0,a,1,5,0,20\n", "boxes.csv:2: the box is 0×20 pixels")]
    [DataRow("frame,track,x,y,width,height\n0,a,1,5,9,9\n0,a,1,5,9,9\n", "boxes.csv:3: frame 0 has two boxes of track a")]
    [DataRow("frame,track,x,y,width,height\n9,a,1,5,9,9\n", "boxes.csv has no box in frames 0 to 5")]
    [DataRow("frame,track,x,y,width,height\n-1,a,1,5,9,9\n", "boxes.csv:2: column 'frame' holds '-1'")]
    [DataRow("frame,x,y,width,height\n0,1,5,9,9\n", "boxes.csv:1: there is no column 'track'; the columns are frame, x, y, width, height")]
    public void Bad_boxes_are_refused_with_file_and_line(string boxes, string expected)
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        VideoFiles.Write(folder);
        WriteDataset(folder, boxes);
        IDataset dataset = DataManifest.Load(folder["m.yaml"]).Open(new DatasetOptions
        {
            DataRoot = folder.Path,
            Width = 10,
            Height = 10,
        });

        var error = Assert.ThrowsExactly<InvalidDataException>(() => dataset.OpenTrainingFrames());

        Assert.Contains(expected, error.Message);
    }

    private static void WriteDataset(TemporaryFolder folder, string boxes)
    {
        folder.Write("boxes.csv", boxes);
        folder.Write("m.yaml", """
            name: test
            description: Things.
            terms: None.
            obtain: Nowhere.
            reader: { kind: video-boxes, video: v.mp4, boxes: boxes.csv, min_score: 0.3 }
            splits: { train: { frames: [0, 5] }, test: { frames: [6, 9], labels: labels.csv } }
            prior: { poses: prior.csv, width: 20, height: 20 }
            skeleton: { name: three, keypoints: [left, right, nose] }
            metrics: { description: test }
            """);
    }
}
