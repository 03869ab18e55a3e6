using KeypointMl.Imaging.Video;

namespace KeypointMl.Testing;

/// <summary>
/// A video as WebRTC records it: 15 frames of 64×48, then 15 of 48×80, each of its own grey (<see
/// cref="VideoFiles.GreyOf"/>).
/// </summary>
internal static class VideoThatChangesSize
{
    public const int ChangeAt = 15;
    public const int Frames = 30;

    public static (int Width, int Height) SizeOf(long frame) => frame < ChangeAt ? (64, 48) : (48, 80);

    /// <summary>Makes it; the extension says the container. WebM holds VP8, the others hold H.264.</summary>
    public static string Make(TemporaryFolder folder, string name)
    {
        using var parts = new TemporaryFolder();
        string first = Part(parts, "1.mp4", 0), second = Part(parts, "2.mp4", ChangeAt);
        string path = folder[name];
        if (Path.GetExtension(name) == ".webm")
        {
            VideoFiles.Run(["-i", first, "-c:v", "libvpx", "-crf", "4", "-b:v", "1M", parts["1.ivf"]]);
            VideoFiles.Run(["-i", second, "-c:v", "libvpx", "-crf", "4", "-b:v", "1M", parts["2.ivf"]]);
            string joined = parts["joined.ivf"];
            File.WriteAllBytes(joined, JoinIvf(File.ReadAllBytes(parts["1.ivf"]), File.ReadAllBytes(parts["2.ivf"])));
            VideoFiles.Run(["-i", joined, "-c", "copy", path]);
            return path;
        }
        VideoFiles.Run(["-i", first, "-c", "copy", parts["1.h264"]]);
        VideoFiles.Run(["-i", second, "-c", "copy", parts["2.h264"]]);
        string raw = Path.GetExtension(name) == ".h264" ? path : parts["joined.h264"];
        File.WriteAllBytes(raw, [.. File.ReadAllBytes(parts["1.h264"]), .. File.ReadAllBytes(parts["2.h264"])]);
        if (raw != path)
            VideoFiles.Run(["-framerate", "25", "-fflags", "+genpts", "-i", raw, "-c", "copy", path]);
        return path;
    }

    private static string Part(TemporaryFolder folder, string name, int start)
    {
        (int width, int height) = SizeOf(start);
        using var grey = new TemporaryFolder();
        string lossy = grey[name];
        using (var writer = new VideoWriter(lossy, width, height, 25))
        {
            byte[] frame = new byte[width * height * 3];
            for (int i = start; i < start + ChangeAt; i++)
            {
                Array.Fill(frame, (byte)VideoFiles.GreyOf(i));
                writer.Write(frame);
            }
            writer.Complete();
        }
        // Without frames that are shown in another order than they are stored in: raw H.264 has no times.
        VideoFiles.Run(["-i", lossy, "-c:v", "libx264", "-crf", "10", "-bf", "0", "-pix_fmt", "yuv420p", folder[name]]);
        return folder[name];
    }

    // A header of 32 bytes, whose count of frames is at byte 24, then frames of a length, a time and data.
    private static byte[] JoinIvf(byte[] first, byte[] second)
    {
        byte[] joined = [.. first, .. second[32..]];
        BitConverter.TryWriteBytes(joined.AsSpan(24), Frames);
        long time = 0;
        for (int position = 32; position < joined.Length; position += 12 + BitConverter.ToInt32(joined, position))
            BitConverter.TryWriteBytes(joined.AsSpan(position + 4), time++);
        return joined;
    }
}
