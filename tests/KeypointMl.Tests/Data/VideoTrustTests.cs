using System.Buffers.Binary;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>What a file that is called a video cannot do: read others, hang, take more memory than the limits say, or hide frames.</summary>
[TestClass]
public sealed class VideoTrustTests
{
    [TestMethod]
    [DataRow("hls.mp4", "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nVIDEO\n#EXT-X-ENDLIST\n")]
    [DataRow("concat.mp4", "ffconcat version 1.0\nfile 'v.mp4'\n")]
    [DataRow("list.avi", "ffconcat version 1.0\nfile 'v.mp4'\nduration 1\n")]
    [DataRow("session.mov",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    [DataRow("dash.mkv",
        "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" "
        + "type=\"static\"><Period><AdaptationSet><Representation "
        + "id=\"1\"><BaseURL>v.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>\n")]
    [DataRow("imf.webm",
        "<?xml version=\"1.0\"?>\n<CompositionPlaylist xmlns=\"http://www.smpte-ra.org/schemas/2067-3/2016\"></CompositionPlaylist>\n")]
    [DataRow("picture.mp4",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><image href=\"v.png\" width=\"9\" height=\"9\"/></svg>\n")]
    public void File_that_names_others_is_refused(string name, string text)
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = VideoFiles.Write(folder);
        string path = folder.Write(name, text.Replace("VIDEO", video));

        foreach (Action read in (Action[])[() => VideoProbe.Read(path), () => VideoIndex.Read(path), () => FfmpegVideoReader.Open(path)])
            Assert.Contains($"{name} cannot be read as a video", Assert.ThrowsExactly<InvalidDataException>(read).Message);
        Assert.IsNull(VideoSound.Of(path));
    }

    [TestMethod]
    public void Frames_beyond_what_the_header_declares_are_read_where_the_file_has_them()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Make(folder, "v.avi", ["-an", "-c:v", "mjpeg", "-q:v", "2"]);
        byte[] bytes = File.ReadAllBytes(path);
        int stream = bytes.AsSpan().IndexOf("strh"u8);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(stream + 8 + 32), 10); // dwLength
        File.WriteAllBytes(path, bytes);

        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path, firstFrame: 20);
        int[] greys = [.. reader.ReadFrames().Select(frame => (int)frame.Image.Pixels[3000])];

        Assert.AreEqual(10, reader.Info.FrameCount);
        Assert.HasCount(10, greys);
        Assert.IsTrue(greys.Select((grey, i) => Math.Abs(grey - VideoFiles.GreyOf(20 + i))).All(difference => difference < 4));
        Assert.Contains("has 30 frames; frame 30 was asked for",
            Assert.ThrowsExactly<InvalidDataException>(() => FfmpegVideoReader.Open(path, firstFrame: 30)).Message);
    }

    [TestMethod]
    public void Playlist_says_that_it_is_one()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        VideoFiles.Write(folder);
        string path = folder.Write("x.mp4", "ffconcat version 1.0\nfile 'v.mp4'\n");

        var error = Assert.ThrowsExactly<InvalidDataException>(() => VideoProbe.Read(path));

        Assert.Contains("Playlists (HLS, DASH, concat, SDP), which name other files, are not", error.Message);
    }

    [TestMethod]
    public void Pipe_is_refused_without_opening_it()
    {
        using var folder = new TemporaryFolder();
        string pipe = Pipes.Make(folder, "x.mp4");

        foreach (Action read in (Action[])[() => VideoProbe.Read(pipe), () => VideoIndex.Read(pipe), () =>
            FfmpegVideoReader.Open(pipe), () => VideoSound.Of(pipe)])
            Assert.Contains("is a pipe (FIFO); expected a regular file", Assert.ThrowsExactly<InvalidDataException>(read).Message);
    }

    [TestMethod]
    public void Device_and_folder_are_refused()
    {
        Pipes.RequireLinux();
        using var folder = new TemporaryFolder();

        Assert.Contains("/dev/zero is a device", Assert.ThrowsExactly<InvalidDataException>(() => VideoProbe.Read("/dev/zero")).Message);
        Assert.Contains("is a folder", Assert.ThrowsExactly<InvalidDataException>(() => VideoProbe.Read(folder.Path)).Message);
    }

    [TestMethod]
    public void Frames_beyond_the_limit_are_refused_before_decoding()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder);
        string bomb = folder["bomb.avi"];
        VideoFiles.Run(["-f", "lavfi", "-i", "color=black:size=12000x12000:rate=5:duration=0.2", "-c:v", "png", "-pix_fmt", "gray", bomb]);

        var small = Assert.ThrowsExactly<InvalidDataException>(() => VideoProbe.Read(path, new VideoLimits { MaxPixels = 64 * 48 - 1 }));
        var large = Assert.ThrowsExactly<InvalidDataException>(() => FfmpegVideoReader.Open(bomb));

        Assert.Contains("frames of 64×48: more than the limit of 3,071 pixels", small.Message);
        Assert.Contains("more pixels than the limit", large.Message);
        Assert.Contains("12000x12000", large.Message);
        Assert.AreEqual(64, VideoProbe.Read(path, new VideoLimits { MaxPixels = 64 * 48 }).Width);
    }

    [TestMethod]
    public void Frames_that_grow_beyond_the_limit_end_the_video()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(VideoThatChangesSize.Make(folder, "v.webm"), limits: new VideoLimits
        {
            MaxPixels = 3500,
        });
        var numbers = new List<long>();

        var error = Assert.ThrowsExactly<InvalidDataException>(() => numbers.AddRange(reader.ReadFrames().Select(frame => frame.Number)));

        Assert.Contains("frames of 48×80: more than the limit of 3,500 pixels", error.Message);
        Assert.IsNull(reader.Read());
    }

    [TestMethod]
    public void Program_that_is_silent_too_long_is_ended()
    {
        Pipes.RequireLinux();
        using FfmpegProcess process = FfmpegProcess.Start("sleep", ["60"]);

        process.Expect(TimeSpan.FromMilliseconds(50));
        int bytes = process.Output.Read(new byte[1]);

        Assert.AreEqual(0, bytes);
        Assert.IsTrue(process.IsOverdue);
        Assert.AreNotEqual(0, process.WaitForExit(TimeSpan.FromSeconds(30)));
    }

    [TestMethod]
    public void Limits_that_allow_nothing_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VideoLimits { MaxPixels = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VideoLimits { ProbeTime = TimeSpan.Zero });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VideoLimits { FrameTime = TimeSpan.Zero });
    }
}
