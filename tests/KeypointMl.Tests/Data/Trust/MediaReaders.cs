using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using SkiaSharp;

namespace KeypointMl.Tests.Data.Trust;

/// <summary>The readers of pictures and videos. The decoders are Skia's and ffmpeg's: what is ours is what surrounds them.</summary>
internal static class MediaReaders
{
    private const int Width = 24;
    private const int Height = 16;

    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        Image("png", () => [Encode(SKEncodedImageFormat.Png), OddImages.PngWithOrientation(Encode(SKEncodedImageFormat.Png), 6),
            OddImages.Png16(5, 4, 1, 2, 3)]),
        Image("jpeg", () => [Encode(SKEncodedImageFormat.Jpeg), OddImages.WithOrientation(Encode(SKEncodedImageFormat.Jpeg), 8),
            OddImages.CmykJpeg(1, 2, 3, 4)]),
        Image("webp", () => [Encode(SKEncodedImageFormat.Webp),
            OddImages.WebPWithOrientation(Encode(SKEncodedImageFormat.Webp), Width, Height, 5)]),
        Image("gif", () => [OddImages.AnimatedGif((1, 2, 3), (4, 5, 6))]),
        Image("bmp", () => [Bitmap()]),
        new("exif", ".tiff", () => [Tiff(little: true), Tiff(little: false)], path => ExifOrientation.ReadTag(File.ReadAllBytes(path)))
            { NightlyCases = 1_000_000 },
        new("png-chunks", ".png", () => [OddImages.PngWithOrientation(Encode(SKEncodedImageFormat.Png), 3, atEnd: true)], ReadChunks)
            { NightlyCases = 500_000 },
    ];

    /// <summary>Those that start processes for each file, which have time limits of their own; empty without ffmpeg.</summary>
    public static FuzzedReader[] Videos { get; } = FfmpegVersion.Find() is not null
        ? [new("video", ".mp4", Video, ReadVideo) { Cases = 4, NightlyCases = 300, MaxTime = TimeSpan.FromSeconds(30) }]
        : [];

    private static FuzzedReader Image(string name, Func<byte[][]> samples) => new(name, "." + name, samples, ReadImage)
    { NightlyCases = 150_000 };

    // Both ways of decoding: all of it, and cropped, for which a JPEG may be decoded smaller.
    private static void ReadImage(string path)
    {
        // The limit keeps the memory of files that claim to be large within the reader's.
        using var image = EncodedImage.Open(path, new ImageDecoderOptions { MaxPixels = 4 << 20 });
        image.Decode();
        Span<byte> crop = stackalloc byte[2 * 2 * 3];
        image.Crop(Box.WholeImage(image.Width, image.Height), crop, 2, 2);
    }

    private static void ReadChunks(string path)
    {
        byte[] content = File.ReadAllBytes(path);
        ExifOrientation.ReadTag(EmbeddedExif.Find(content, SKEncodedImageFormat.Png));
        using FileStream stream = File.OpenRead(path);
        ExifOrientation.ReadTag(EmbeddedExif.Find(stream, SKEncodedImageFormat.Png));
    }

    private static void ReadVideo(string path)
    {
        VideoIndex.Read(path);
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);
        foreach (VideoFrame _ in reader.ReadFrames())
        {
        }
    }

    private static byte[][] Video()
    {
        using var folder = new TemporaryFolder();
        return [File.ReadAllBytes(VideoFiles.Write(folder))];
    }

    private static byte[] Encode(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int i = 0; i < Width * Height; i++)
            bitmap.SetPixel(i % Width, i / Width, new SKColor((byte)(i * 7), (byte)(i * 3), (byte)i));
        using SKData data = bitmap.Encode(format, 80);
        return data.ToArray();
    }

    // 24 bits a pixel, rows of 4 bytes padded, from the bottom up.
    private static byte[] Bitmap() =>
    [
        .. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
        40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, .. new byte[24],
        1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0,
    ];

    private static byte[] Tiff(bool little) => little
        ? [.. "II"u8, 42, 0, 8, 0, 0, 0, 2, 0, 0x28, 1, 3, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
        : [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 2, 1, 0x28, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
}
