using KeypointMl.Imaging.Video;

namespace KeypointMl.Testing;

/// <summary>
/// Videos made by ffmpeg out of one whose frames are told apart by their grey, which the test detector reports as
/// confidence.
/// </summary>
internal static class VideoFiles
{
    public const int Width = 64;
    public const int Height = 48;
    public const int Frames = 30;

    /// <summary>The grey of a frame: 8 apart, as the codec loses a little.</summary>
    public static int GreyOf(int frame) => 8 + 8 * frame;

    /// <summary>Writes <c>v.mp4</c>, <see cref="Frames"/> frames at 25 a second.</summary>
    public static string Write(TemporaryFolder folder, bool noise = false)
    {
        string path = folder["v.mp4"];
        using var writer = new VideoWriter(path, Width, Height, 25);
        byte[] frame = new byte[Width * Height * 3];
        var random = new Random(1);
        for (int i = 0; i < Frames; i++)
        {
            Array.Fill(frame, (byte)GreyOf(i));
            if (noise)
                random.NextBytes(frame);
            writer.Write(frame);
        }
        writer.Complete();
        return path;
    }

    /// <summary>Runs ffmpeg on a video of <see cref="Frames"/> frames at 25 a second, with two seconds of a tone.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">The file to make.</param>
    /// <param name="arguments">Between input and output.</param>
    /// <param name="before">Before the input.</param>
    public static string Make(TemporaryFolder folder, string name, string[] arguments, params string[] before)
    {
        using var sources = new TemporaryFolder();
        string silent = Write(sources), sound = sources["sound.mp4"];
        Run(["-i", silent, "-f", "lavfi", "-i", "sine=duration=2", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", sound]);
        string path = folder[name];
        Run([.. before, "-i", sound, .. arguments, path]);
        return path;
    }

    /// <summary>Copies the packets of a video from a time on; an edit list hides those before it that decoding needs.</summary>
    public static string Cut(string video, string from, string path)
    {
        Run(["-ss", from, "-i", video, "-c", "copy", path]);
        return path;
    }

    /// <summary>Writes a video of 100,000 frames of 16×16 pixels, which takes seconds to go through.</summary>
    /// <returns>Its path.</returns>
    public static string WriteLong(TemporaryFolder folder)
    {
        string path = folder["long.mp4"];
        Run(["-f", "lavfi", "-i", "color=s=16x16:r=1000:d=100", "-c:v", "libx264", "-preset", "ultrafast", path]);
        return path;
    }

    /// <summary>Runs ffmpeg.</summary>
    public static void Run(IEnumerable<string> arguments)
    {
        using FfmpegProcess process = FfmpegProcess.Start("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]);
        process.Input.Dispose();
        Assert.AreEqual(0, process.WaitForExit(TimeSpan.FromMinutes(1)), process.Errors);
    }

    /// <summary>Which frame of the original it is, by its grey.</summary>
    public static int NumberOf(float confidence) =>
        (int)Math.Round((confidence * 255 - GreyOf(0)) / (GreyOf(1) - GreyOf(0)));
}
