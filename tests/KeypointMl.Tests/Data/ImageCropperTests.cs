using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class ImageCropperTests
{
    [TestMethod]
    public void Crop_at_scale_one_copies_the_pixels()
    {
        RgbImage image = Noise(20, 10);

        RgbImage crop = ImageCropper.Crop(image, new Box(3, 2, 5, 4), 5, 4);

        for (int y = 0; y < 4; y++)
            CollectionAssert.AreEqual(image.Pixels.AsSpan(((2 + y) * 20 + 3) * 3, 15).ToArray(), crop.Pixels.AsSpan(y * 15, 15).ToArray());
    }

    [TestMethod]
    public void Crop_at_scale_one_takes_the_same_path_as_any_other_box()
    {
        // A shift of 1e-7 pixels, which float cannot hold at 3, is no shift; of 1e-3 is one, too small to change a byte by more than one.
        RgbImage image = Noise(20, 10);

        RgbImage copied = ImageCropper.Crop(image, new Box(3, 2, 5, 4), 5, 4);
        RgbImage filtered = ImageCropper.Crop(image, new Box(3.001f, 2, 5, 4), 5, 4);

        AssertClose(copied, filtered, 1);
    }

    [TestMethod]
    [DataRow(33, 17, 7, 5)] // shrinks
    [DataRow(9, 7, 40, 30)] // enlarges
    [DataRow(64, 5, 16, 20)] // both
    public void Crop_agrees_with_the_literal_double_filter(int width, int height, int outWidth, int outHeight)
    {
        RgbImage image = Noise(width, height);
        var box = new Box(-2.3f, 1.4f, width + 3.1f, height - 0.7f);

        // One step: the literal filter sums in double, ours in float.
        AssertClose(Literal(image, box, outWidth, outHeight), ImageCropper.Crop(image, box, outWidth, outHeight), 1);
    }

    [TestMethod]
    public void Crop_outside_repeats_the_edge()
    {
        RgbImage image = Noise(4, 4);

        RgbImage crop = ImageCropper.Crop(image, new Box(-3, -3, 10, 10), 10, 10);

        for (int y = 0; y < 10; y++)
        {
            for (int x = 0; x < 10; x++)
                CollectionAssert.AreEqual(Pixel(image, Math.Clamp(x - 3, 0, 3), Math.Clamp(y - 3, 0, 3)), Pixel(crop, x, y), $"({x},{y})");
        }
        RgbImage beyond = ImageCropper.Crop(image, new Box(100, 100, 3.5f, 3.5f), 2, 2);
        for (int i = 0; i < 4; i++)
            CollectionAssert.AreEqual(Pixel(image, 3, 3), Pixel(beyond, i % 2, i / 2));
    }

    [TestMethod]
    public void Crop_puts_a_point_where_ToCrop_says()
    {
        // A bright blob in the source must have its centre of mass, after the crop, where the labels' transform puts the point.
        var image = new RgbImage(100, 100);
        for (int y = -3; y <= 3; y++)
        {
            for (int x = -3; x <= 3; x++)
                image.Pixels.AsSpan(((57 + y) * 100 + 41 + x) * 3, 3).Fill(200);
        }
        var box = new Box(20.3f, 30.8f, 60.5f, 50.25f);

        RgbImage crop = ImageCropper.Crop(image, box, 32, 24);

        double sum = 0, sumX = 0, sumY = 0;
        for (int i = 0; i < 32 * 24; i++)
        {
            sum += crop.Pixels[3 * i];
            sumX += crop.Pixels[3 * i] * (i % 32);
            sumY += crop.Pixels[3 * i] * (i / 32);
        }
        System.Numerics.Vector2 expected = box.ToCrop(new(41, 57), 32, 24);
        Assert.AreEqual(expected.X, sumX / sum, 0.05); // the sampling of the blob's edge
        Assert.AreEqual(expected.Y, sumY / sum, 0.05);
    }

    [TestMethod]
    public void Shrinking_averages_fine_patterns_away()
    {
        var stripes = new RgbImage(256, 256);
        for (int i = 0; i < stripes.Pixels.Length; i++)
            stripes.Pixels[i] = (byte)(i / 3 % 2 * 255);

        RgbImage small = ImageCropper.Resize(stripes, 32, 32);

        // The outermost columns lean to the stripe at the edge, which is repeated outside.
        IEnumerable<byte> inside = small.Pixels.Where((_, i) => i / 3 % 32 is > 0 and < 31);
        Assert.IsTrue(inside.All(value => value is >= 126 and <= 129), "Aliasing: the stripes of one pixel did not average to grey.");
    }

    [TestMethod]
    public void Constant_image_stays_constant_at_any_scale()
    {
        var image = new RgbImage(37, 23);
        Array.Fill(image.Pixels, (byte)253);

        foreach (int size in new[] { 1, 2, 5, 23, 64, 111 })
            Assert.IsTrue(ImageCropper.Crop(image, new Box(-5, 3, 50, 11.5f), size, size).Pixels.All(value => value == 253));
    }

    [TestMethod]
    [DataRow(float.NaN, 0f, 5f, 5f)]
    [DataRow(0f, 0f, 0f, 5f)]
    [DataRow(0f, 0f, 5f, -1f)]
    [DataRow(0f, float.PositiveInfinity, 5f, 5f)]
    [DataRow(0f, 0f, 2e6f, 5f)]
    public void Box_that_cannot_be_cropped_is_refused(float x, float y, float width, float height)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => ImageCropper.Crop(Noise(5, 5), new Box(x, y, width, height), 4, 4));

        Assert.Contains("cannot be cropped", error.Message);
    }

    private static RgbImage Literal(RgbImage image, Box box, int width, int height)
    {
        var result = new RgbImage(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double[] sum = new double[3];
                double total = 0;
                (double scaleX, double scaleY) = ((double)box.Width / width, (double)box.Height / height);
                (double supportX, double supportY) = (Math.Max(1, scaleX), Math.Max(1, scaleY));
                (double centreX, double centreY) = ((x + 0.5) * scaleX - 0.5 + box.X, (y + 0.5) * scaleY - 0.5 + box.Y);
                for (int j = -200; j < 300; j++)
                {
                    double weightY = 1 - Math.Abs(j - centreY) / supportY;
                    for (int i = -200; weightY > 0 && i < 300; i++)
                    {
                        double weight = (1 - Math.Abs(i - centreX) / supportX) * weightY;
                        if (weight <= 0 || 1 - Math.Abs(i - centreX) / supportX <= 0)
                            continue;
                        total += weight;
                        byte[] pixel = Pixel(image, Math.Clamp(i, 0, image.Width - 1), Math.Clamp(j, 0, image.Height - 1));
                        for (int c = 0; c < 3; c++)
                            sum[c] += weight * pixel[c];
                    }
                }
                for (int c = 0; c < 3; c++)
                    result.Pixels[(y * width + x) * 3 + c] = (byte)Math.Round(sum[c] / total);
            }
        }
        return result;
    }

    private static byte[] Pixel(RgbImage image, int x, int y) => image.Pixels.AsSpan((y * image.Width + x) * 3, 3).ToArray();

    private static RgbImage Noise(int width, int height)
    {
        var image = new RgbImage(width, height);
        new Random(5).NextBytes(image.Pixels);
        return image;
    }

    private static void AssertClose(RgbImage expected, RgbImage actual, int tolerance)
    {
        for (int i = 0; i < expected.Pixels.Length; i++)
            Assert.IsLessThanOrEqualTo(tolerance, Math.Abs(expected.Pixels[i] - actual.Pixels[i]), $"byte {i}");
    }
}
