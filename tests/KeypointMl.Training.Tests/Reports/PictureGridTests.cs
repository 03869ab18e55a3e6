using KeypointMl.Data;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Training.Reports;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class PictureGridTests
{
    [TestMethod]
    public void Render_puts_every_pixel_where_Locate_says_enlarged()
    {
        var random = new SeededRandom(1, 1);
        var grid = new PictureGrid(["a", "β(η(Φ(x)))"], 5, 4, minimumSide: 15);
        RgbImage[][] rows = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 2).Select(_ => Noise(ref random, 5, 4)).ToArray())];
        grid.AddRow(rows[0], "a label");
        grid.AddRow(rows[1]);

        RgbImage picture = grid.Render();

        for (int row = 0; row < 2; row++)
        {
            for (int column = 0; column < 2; column++)
            {
                (int left, int top, int factor) = grid.Locate(row, column);
                Assert.AreEqual(3, factor);
                for (int y = 0; y < 4 * factor; y++)
                {
                    for (int x = 0; x < 5 * factor; x++)
                    {
                        CollectionAssert.AreEqual(
                            rows[row][column].Pixels.AsSpan(3 * (y / factor * 5 + x / factor), 3).ToArray(),
                            picture.Pixels.AsSpan(3 * ((top + y) * picture.Width + left + x), 3).ToArray(),
                            $"row {row}, column {column}, x {x}, y {y}");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void AddRow_of_wrong_pictures_is_refused_by_column()
    {
        var grid = new PictureGrid(["a", "b"], 5, 4);

        ArgumentException count = Assert.ThrowsExactly<ArgumentException>(() => grid.AddRow([new RgbImage(5, 4)]));
        ArgumentException size = Assert.ThrowsExactly<ArgumentException>(() => grid.AddRow([new RgbImage(5, 4), new RgbImage(4, 5)]));

        Assert.Contains("has 2 columns; 1 pictures were given", count.Message);
        Assert.Contains("Picture 'b' is 4×5; the grid's are 5×4", size.Message);
    }

    [TestMethod]
    public void Render_without_rows_has_the_titles_only()
    {
        RgbImage picture = new PictureGrid(["a"], 64, 64).Render();

        Assert.AreEqual(148, picture.Width);
        Assert.AreEqual(46, picture.Height);
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow("Φ(x)")]
    public void Render_writes_titles_where_the_system_has_fonts(string title)
    {
        if (OperatingSystem.IsLinux() && !SystemFont.Files().Any())
            Assert.Inconclusive("Skipped: the system has no fonts; apt-get install fonts-dejavu-core.");
        RgbImage empty = new PictureGrid([" "], 64, 64).Render(), titled = new PictureGrid([title], 64, 64).Render();

        int written = Enumerable.Range(0, empty.Pixels.Length).Count(at => empty.Pixels[at] != titled.Pixels[at]);

        Assert.IsGreaterThan(30, written);
    }

    private static RgbImage Noise(ref SeededRandom random, int width, int height)
    {
        var image = new RgbImage(width, height);
        foreach (ref byte value in image.Pixels.AsSpan())
            value = (byte)random.Next(256);
        return image;
    }
}
