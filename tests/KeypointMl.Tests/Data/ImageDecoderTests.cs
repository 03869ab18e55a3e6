using KeypointMl.Imaging.Images;
using SkiaSharp;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class ImageDecoderTests
{
    [TestMethod]
    public void Png_decodes_to_the_pixels_that_were_written()
    {
        RgbImage image = Gradient(31, 17);

        RgbImage decoded = ImageDecoder.Decode(ImageWriter.EncodePng(image), "memory");

        Assert.AreEqual((31, 17), (decoded.Width, decoded.Height));
        CollectionAssert.AreEqual(image.Pixels, decoded.Pixels);
    }

    [TestMethod]
    public void Jpeg_decodes_close_to_the_pixels_that_were_written()
    {
        RgbImage image = Gradient(32, 32);

        RgbImage decoded = ImageDecoder.Decode(ImageWriter.EncodeJpeg(image, 95), "memory");

        double meanDifference = image.Pixels.Zip(decoded.Pixels, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsLessThan(4.0, meanDifference); // quality 95 with halved colour resolution
    }

    [TestMethod]
    public void Transparent_png_is_composited_on_black()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 100, 50, 128));
        bitmap.SetPixel(1, 0, new SKColor(200, 100, 50, 0));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        RgbImage decoded = ImageDecoder.Decode(data.AsSpan(), "memory");

        byte[] expected = [100, 50, 25, 0, 0, 0];
        for (int i = 0; i < 6; i++)
            Assert.IsLessThanOrEqualTo(1, Math.Abs(expected[i] - decoded.Pixels[i]), $"byte {i}"); // rounding of 128/255
    }

    [TestMethod]
    public void Grey_png_gives_three_equal_channels()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(3, 1, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.SetPixel(1, 0, new SKColor(77, 77, 77));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        CollectionAssert.AreEqual(new byte[] { 0, 0, 0, 77, 77, 77, 0, 0, 0 }, ImageDecoder.Decode(data.AsSpan(), "memory").Pixels);
    }

    [TestMethod]
    public void Pipe_named_like_an_image_is_refused_without_opening_it()
    {
        using var folder = new TemporaryFolder();
        string pipe = Pipes.Make(folder, "b.png");

        Assert.Contains("b.png is a pipe (FIFO); expected a regular file",
            Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.Decode(pipe)).Message);
        Assert.Contains("b.png is a pipe (FIFO)", Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.ReadSize(pipe)).Message);
        Assert.Contains("b.png is a pipe (FIFO)", Assert.ThrowsExactly<InvalidDataException>(() => EncodedImage.Open(pipe)).Message);
    }

    // One that not even root may read.
    [TestMethod]
    public void Size_of_a_file_that_may_not_be_read_is_refused_as_that()
    {
        const string Unreadable = "/proc/sys/vm/compact_memory";
        if (!File.Exists(Unreadable))
            Assert.Inconclusive($"There is no {Unreadable}.");

        Assert.ThrowsExactly<UnauthorizedAccessException>(() => ImageDecoder.ReadSize(Unreadable));
    }

    [TestMethod]
    public void Image_beyond_the_limit_is_refused_before_decoding()
    {
        byte[] png = ImageWriter.EncodePng(new RgbImage(40, 30));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.Decode(png, "big.png", new ImageDecoderOptions
        {
            MaxPixels = 1199,
        }));

        Assert.Contains("big.png is 40×30", error.Message);
    }

    [TestMethod]
    public void Damaged_files_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        byte[] jpeg = ImageWriter.EncodeJpeg(Gradient(64, 64));
        byte[] png = ImageWriter.EncodePng(Gradient(64, 64));
        var files = new Dictionary<string, byte[]>
        {
            ["empty.png"] = [],
            ["text.jpg"] = "not an image"u8.ToArray(),
            ["truncated.jpg"] = jpeg[..(jpeg.Length / 2)],
            ["truncated.png"] = png[..(png.Length / 2)],
            ["header-only.png"] = png[..20],
        };
        foreach ((string name, byte[] content) in files)
        {
            string path = folder[name];
            File.WriteAllBytes(path, content);

            var error = Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.Decode(path), name);

            Assert.Contains(name, error.Message);
        }
        Assert.ThrowsExactly<FileNotFoundException>(() => ImageDecoder.Decode(folder["missing.png"]));
        Assert.ThrowsExactly<FileNotFoundException>(() => ImageDecoder.ReadSize(folder["missing.png"]));
        Assert.ThrowsExactly<InvalidDataException>(() => ImageDecoder.ReadSize(folder["empty.png"]));
    }

    [TestMethod]
    public void Random_damage_gives_an_image_or_an_InvalidDataException()
    {
        byte[][] originals = [ImageWriter.EncodeJpeg(Gradient(48, 40)), ImageWriter.EncodePng(Gradient(48, 40))];
        var random = new Random(11);
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. originals[i % 2]];
            for (int flips = random.Next(1, 8); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                RgbImage image = ImageDecoder.Decode(damaged, "damaged", new ImageDecoderOptions { MaxPixels = 1_000_000 });
                Assert.AreEqual(image.Width * image.Height * 3, image.Pixels.Length);
            }
            catch (InvalidDataException)
            {
                // As promised.
            }
        }
    }

    [TestMethod]
    public void Writer_leaves_no_temporary_file_and_replaces_an_old_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder["picture.jpg"];
        File.WriteAllText(path, "old");

        ImageWriter.Write(Gradient(8, 8), path);

        Assert.AreEqual(8, ImageDecoder.Decode(path).Width);
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
        Assert.Throws<IOException>(() => ImageWriter.Write(Gradient(8, 8), folder["no/such/folder.png"]));
    }

    private static RgbImage Gradient(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (int i = 0; i < width * height; i++)
        {
            image.Pixels[3 * i] = (byte)(255 * (i % width) / width);
            image.Pixels[3 * i + 1] = (byte)(255 * (i / width) / height);
            image.Pixels[3 * i + 2] = (byte)(i * 255 / (width * height));
        }
        return image;
    }
}
