using KeypointMl.Imaging.Images;
using SkiaSharp;

namespace KeypointMl.Tests.Data;

/// <summary>Pictures that were stored lying or in a mirror, with a tag that says so, come out upright.</summary>
[TestClass]
public sealed class ImageOrientationTests
{
    [TestMethod]
    public void Exif_orientations_all_give_the_upright_picture()
    {
        // The upright picture 3×2 with pixels 0…5, and how a camera stores it under each of the eight orientations.
        byte[][] stored =
        [
            [0, 1, 2, 3, 4, 5], [2, 1, 0, 5, 4, 3], [5, 4, 3, 2, 1, 0], [3, 4, 5, 0, 1, 2],
            [0, 3, 1, 4, 2, 5], [2, 5, 1, 4, 0, 3], [5, 2, 4, 1, 3, 0], [3, 0, 4, 1, 5, 2],
        ];
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            bool onSide = orientation > 4;
            byte[] rgba = [.. stored[orientation - 1].SelectMany(value => new byte[] { value, value, value, 255 })];

            byte[] upright = new byte[3 * 2 * 3];
            ExifOrientation.Apply(rgba, onSide ? 2 : 3, onSide ? 3 : 2, (SKEncodedOrigin)orientation, upright);

            CollectionAssert.AreEqual(
                new byte[] { 0, 1, 2, 3, 4, 5 }, upright.Where((_, i) => i % 3 == 0).ToArray(), $"orientation {orientation}");
        }
    }

    [TestMethod]
    public void Exif_orientation_in_a_jpeg_is_applied_to_size_and_pixels()
    {
        using var folder = new TemporaryFolder();
        var image = new RgbImage(32, 16);
        for (int i = 0; i < 16 * 16; i++)
            image.Pixels.AsSpan((i / 16 * 32 + i % 16) * 3, 3).Fill(255); // left half white
        string path = folder["turned.jpg"];
        File.WriteAllBytes(path, OddImages.WithOrientation(ImageWriter.EncodeJpeg(image, 95), 6)); // 6: to be turned 90° clockwise

        RgbImage decoded = ImageDecoder.Decode(path);

        Assert.AreEqual((16, 32), (decoded.Width, decoded.Height));
        Assert.AreEqual((16, 32), ImageDecoder.ReadSize(path));
        Assert.IsGreaterThan(200, decoded.Pixels[(4 * 16 + 8) * 3]); // the left half is now the top
        Assert.IsLessThan(50, decoded.Pixels[(28 * 16 + 8) * 3]);
    }

    [TestMethod]
    [DataRow("big endian")]
    [DataRow("little endian")]
    [DataRow("behind the pixels")]
    [DataRow("with the prefix of JPEG")]
    [DataRow("webp")]
    [DataRow("webp, with the prefix of JPEG")]
    public void Exif_orientation_in_png_and_webp_is_applied_to_size_and_pixels(string kind)
    {
        using var folder = new TemporaryFolder();
        var image = new RgbImage(32, 16);
        for (int i = 0; i < 16 * 16; i++)
            image.Pixels.AsSpan((i / 16 * 32 + i % 16) * 3, 3).Fill(255); // left half white
        string path = folder["turned.png"];
        bool prefixed = kind.EndsWith("with the prefix of JPEG", StringComparison.Ordinal);
        File.WriteAllBytes(path, kind.StartsWith("webp", StringComparison.Ordinal)
            ? OddImages.WebPWithOrientation(WebP(image), 32, 16, 6, prefixed)
            : OddImages.PngWithOrientation(
                ImageWriter.EncodePng(image), 6, kind == "little endian", kind == "behind the pixels", prefixed));

        RgbImage decoded = ImageDecoder.Decode(path);
        using var encoded = EncodedImage.Open(path);
        byte[] crop = new byte[16 * 32 * 3];
        encoded.Crop(KeypointMl.Poses.Geometry.Box.WholeImage(16, 32), crop, 16, 32);

        Assert.AreEqual((16, 32), (decoded.Width, decoded.Height));
        Assert.AreEqual((16, 32), (encoded.Width, encoded.Height));
        Assert.AreEqual((16, 32), ImageDecoder.ReadSize(path));
        Assert.IsGreaterThan(200, decoded.Pixels[(4 * 16 + 8) * 3]); // the left half is now the top
        Assert.IsLessThan(50, decoded.Pixels[(28 * 16 + 8) * 3]);
        CollectionAssert.AreEqual(decoded.Pixels, crop);
    }

    [TestMethod]
    public void Every_orientation_of_a_png_is_read_and_a_damaged_one_is_none()
    {
        byte[] png = ImageWriter.EncodePng(new RgbImage(6, 4));
        byte[] good = OddImages.PngWithOrientation(png, 6);
        for (byte orientation = 1; orientation <= 8; orientation++)
        {
            RgbImage decoded = ImageDecoder.Decode(OddImages.PngWithOrientation(png, orientation), "memory");
            Assert.AreEqual(orientation > 4 ? (4, 6) : (6, 4), (decoded.Width, decoded.Height), $"orientation {orientation}");
        }
        foreach (byte orientation in (byte[])[0, 9, 255])
        {
            Assert.AreEqual(6, ImageDecoder.Decode(OddImages.PngWithOrientation(png, orientation), "memory").Width,
                $"orientation {orientation}");
        }
        // Every byte of the block in turn: another orientation or none, but never an error.
        for (int i = 41; i < 41 + 36; i++)
        {
            byte[] damaged = [.. good];
            damaged[i] ^= 0xFF;
            Assert.AreEqual(24 * 3, ImageDecoder.Decode(damaged, "memory").Pixels.Length);
        }
    }

    private static byte[] WebP(RgbImage image)
    {
        using SKBitmap bitmap = SkiaImages.ToBitmap(image);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Webp, 90);
        return data.ToArray();
    }
}
