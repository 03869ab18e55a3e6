using KeypointMl.Imaging.Images;

namespace KeypointMl.Tests.Data;

[TestClass]
public class RgbPackingTests
{
    [TestMethod]
    public void Unpacked_pixels_have_their_colours_and_no_transparency_whatever_their_number()
    {
        for (int pixels = 0; pixels <= 40; pixels++)
        {
            byte[] rgb = new byte[pixels * 3];
            new Random(pixels).NextBytes(rgb);
            byte[] rgba = new byte[pixels * 4];

            RgbPacking.UnpackRgba(rgb, rgba);

            for (int i = 0; i < pixels; i++)
            {
                CollectionAssert.AreEqual(
                    new[] { rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2], (byte)255 }, rgba[(i * 4)..(i * 4 + 4)], $"{pixels} pixels, pixel {i}");
            }
        }
    }

    [TestMethod]
    public void What_was_unpacked_is_packed_to_what_it_was()
    {
        byte[] rgb = new byte[37 * 3];
        new Random(1).NextBytes(rgb);
        byte[] rgba = new byte[37 * 4];
        byte[] again = new byte[rgb.Length];

        RgbPacking.UnpackRgba(rgb, rgba);
        RgbPacking.PackRgba(rgba, again);

        CollectionAssert.AreEqual(rgb, again);
    }

    [TestMethod]
    [DataRow(3, 3)]
    [DataRow(4, 4)]
    [DataRow(48, 60)]
    public void Lengths_that_do_not_fit_are_refused(int rgb, int rgba) =>
        Assert.ThrowsExactly<ArgumentException>(() => RgbPacking.UnpackRgba(new byte[rgb], new byte[rgba]));
}
