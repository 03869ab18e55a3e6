using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using SkiaSharp;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class EncodedImageTests
{
    [TestMethod]
    [DataRow(false, 640, 480, 64)] // no JPEG
    [DataRow(true, 644, 482, 64)] // a half has half pixels: 322×241 it could be, a quarter not
    [DataRow(true, 641, 480, 64)]
    [DataRow(true, 320, 240, 128)] // less than 1.5 of its pixels would be left at a half
    public void Crop_that_cannot_use_a_smaller_decoding_equals_decoding_and_cropping(bool jpeg, int width, int height, int size)
    {
        RgbImage picture = Waves(width, height);
        byte[] file = jpeg ? ImageWriter.EncodeJpeg(picture) : ImageWriter.EncodePng(picture);
        var box = new Box(3.5f, 2, size * (width == 644 ? 1.4f : 9), height - 4);
        byte[] crop = new byte[size * size * 3];

        using var image = EncodedImage.Open(file, "memory");
        image.Crop(box, crop, size, size);

        CollectionAssert.AreEqual(ImageCropper.Crop(ImageDecoder.Decode(file, "memory"), box, size, size).Pixels, crop);
    }

    [TestMethod]
    [DataRow(640, 480, 64, 64, 4)] // 160×120: 1.9 pixels of it for each of the result's along y; at an eighth 0.9
    [DataRow(640, 480, 128, 128, 2)]
    [DataRow(1920, 1080, 64, 64, 8)]
    [DataRow(644, 480, 64, 64, 4)]
    public void Crop_of_a_large_jpeg_is_close_to_decoding_all_of_it(int width, int height, int outWidth, int outHeight, int divisor)
    {
        RgbImage picture = Waves(width, height);
        byte[] file = ImageWriter.EncodeJpeg(picture, 95);
        byte[] crop = new byte[outWidth * outHeight * 3];

        using var image = EncodedImage.Open(file, "memory");
        image.Crop(Box.WholeImage(width, height), crop, outWidth, outHeight);

        byte[] expected = ImageCropper.Resize(ImageDecoder.Decode(file, "memory"), outWidth, outHeight).Pixels;
        CollectionAssert.AreNotEqual(expected, crop, "nothing was decoded smaller");
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        Assert.AreEqual(new SKSizeI(width / divisor, height / divisor), codec.GetScaledDimensions(1f / divisor));
        // Both are means over the same areas with windows that differ a little. Shifted by half a pixel of the result,
        // these waves would differ by 8 and more.
        double difference = expected.Zip(crop, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsLessThan(1.5, difference);
    }

    [TestMethod]
    public void Image_that_was_disposed_is_neither_decoded_nor_cropped()
    {
        var image = EncodedImage.Open(ImageWriter.EncodePng(Waves(8, 8)), "memory");
        image.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => image.Decode());
        Assert.ThrowsExactly<ObjectDisposedException>(() => image.Crop(Box.WholeImage(8, 8), new byte[8 * 8 * 3], 8, 8));
    }

    [TestMethod]
    public void Crop_of_a_turned_jpeg_is_the_crop_of_the_upright_picture()
    {
        byte[] file = OddImages.WithOrientation(ImageWriter.EncodeJpeg(Waves(640, 480), 95), 6);
        RgbImage upright = ImageDecoder.Decode(file, "memory");
        var box = new Box(40, 100, 400, 500);
        byte[] crop = new byte[64 * 64 * 3];

        using var image = EncodedImage.Open(file, "memory");
        image.Crop(box, crop, 64, 64);

        Assert.AreEqual((480, 640), (image.Width, image.Height));
        double difference = ImageCropper.Crop(upright, box, 64, 64).Pixels.Zip(crop, (a, b) => Math.Abs(a - b)).Average();
        Assert.IsLessThan(1.5, difference); // as above
    }

    [TestMethod]
    public void Crop_of_unusual_formats_gives_their_colours()
    {
        AssertIs(OddImages.CmykJpeg(255, 0, 0, 255), 255, 0, 0); // magenta and yellow ink: red
        AssertIs(OddImages.CmykJpeg(255, 255, 255, 128), 128, 128, 128);
        AssertIs(OddImages.Png16(5, 4, 0x8000, 0xFFFF, 0x0100), 128, 255, 1);
        AssertIs(OddImages.AnimatedGif((200, 10, 20), (1, 2, 3)), 200, 10, 20); // the first picture
    }

    [TestMethod]
    public void Open_what_has_no_pixels_or_too_many_is_refused_before_decoding()
    {
        StringAssert.Contains(Refused(OddImages.PngHeader(30_000, 30_000)), "30000×30000: more than the limit of 100,000,000 pixels");
        StringAssert.Contains(Refused(OddImages.PngHeader(0, 0)), "not an image that can be read");
        StringAssert.Contains(Refused([]), "is empty (0 bytes)");
    }

    [TestMethod]
    public void Crop_with_an_unusable_box_is_refused_and_the_image_stays_usable()
    {
        using var image = EncodedImage.Open(ImageWriter.EncodePng(Waves(20, 10)), "memory");
        byte[] crop = new byte[4 * 4 * 3];
        Assert.ThrowsExactly<ArgumentException>(() => image.Crop(new Box(0, 0, float.NaN, 4), crop, 4, 4));
        image.Crop(new Box(0, 0, 4, 4), crop, 4, 4);
        image.Crop(new Box(0, 0, 4, 4), crop, 4, 4); // a second time from the same bytes
        CollectionAssert.AreEqual(ImageCropper.Crop(Waves(20, 10), new Box(0, 0, 4, 4), 4, 4).Pixels, crop);
    }

    private static string Refused(byte[] file) => Assert.ThrowsExactly<InvalidDataException>(() => EncodedImage.Open(file, "odd")).Message;

    private static void AssertIs(byte[] file, byte red, byte green, byte blue)
    {
        using var image = EncodedImage.Open(file, "odd");
        byte[] crop = new byte[2 * 2 * 3];
        image.Crop(Box.WholeImage(image.Width, image.Height), crop, 2, 2);
        byte[] expected = [red, green, blue];
        for (int i = 0; i < crop.Length; i++)
            // rounding of 16 bits, and of the inks' product
            Assert.IsLessThanOrEqualTo(1, Math.Abs(expected[i % 3] - crop[i]), $"byte {i} is {crop[i]}");
    }

    // Waves of about 10 pixels of a 64-pixel result: what an antialiased small picture can show.
    private static RgbImage Waves(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (int i = 0; i < width * height; i++)
        {
            (float x, float y) = ((i % width + 0.5f) / width, (i / width + 0.5f) / height);
            image.Pixels[3 * i] = (byte)(127.5f + 120 * MathF.Sin(40 * x));
            image.Pixels[3 * i + 1] = (byte)(127.5f + 120 * MathF.Sin(40 * y));
            image.Pixels[3 * i + 2] = (byte)(127.5f + 120 * MathF.Sin(30 * (x + y)));
        }
        return image;
    }
}
