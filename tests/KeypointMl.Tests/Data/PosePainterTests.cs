using System.Numerics;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PosePainterTests
{
    // Left and right ankle, nose between them: two edges, left–nose and right–nose.
    private static readonly Skeleton Skeleton = new(
        "v", ["left", "right", "nose"], [new(0, 2), new(1, 2)], [(0, 1)], [new("feet", [0, 1]), new("face", [2])]);
    private static readonly Vector2[] Pose = [new(5, 5), new(35, 5), new(20, 25)];

    [TestMethod]
    public void Paint_by_side_gives_each_side_its_colour()
    {
        var style = new PoseStyle
        {
            Coloring = PoseColoring.Side,
            LeftColor = new(1, 200, 3),
            RightColor = new(200, 1, 3),
            MiddleColor = new(9, 9, 250),
            LineWidth = 3,
            KeypointRadius = 2,
        };

        RgbImage picture = PosePainter.Paint(new RgbImage(40, 30), Skeleton, Pose, style: style);

        Assert.AreEqual(style.LeftColor, At(picture, 5, 5));
        Assert.AreEqual(style.RightColor, At(picture, 35, 5));
        Assert.AreEqual(style.MiddleColor, At(picture, 20, 25));
        Assert.AreEqual(style.LeftColor, At(picture, 12, 14)); // on the edge from (5,5) to (20,25)
        Assert.AreEqual(RgbColor.Black, At(picture, 1, 28));
    }

    [TestMethod]
    public void Paint_by_group_takes_given_colours_and_hues_for_the_rest()
    {
        var style = new PoseStyle
        {
            Coloring = PoseColoring.Group,
            GroupColors = new Dictionary<string, RgbColor> { ["face"] = new(7, 8, 9) },
            LineWidth = 3,
            KeypointRadius = 2,
        };

        RgbImage picture = PosePainter.Paint(new RgbImage(40, 30), Skeleton, Pose, style: style);

        Assert.AreEqual(new RgbColor(7, 8, 9), At(picture, 20, 25));
        Assert.AreEqual(new RgbColor(255, 25, 25), At(picture, 5, 5)); // the first of two hues: red of 90 % saturation (Skia cuts 25.5)
        Assert.AreEqual(style.MiddleColor, At(picture, 12, 14)); // an edge between two groups
    }

    [TestMethod]
    public void Paint_sizes_are_the_styles_and_dots_may_be_left_out()
    {
        Vector2[] single = [new(20, 15), new(float.NaN), new(float.NaN)];
        int Lit(PoseStyle style) =>
            PosePainter.Paint(new RgbImage(40, 30), Skeleton, single, style: style).Pixels.Count(value => value > 127) / 3;

        Assert.AreEqual(0, Lit(new PoseStyle { KeypointRadius = 0 }));
        // 69 pixels have their centre inside the disc, 12 more on its rim, half covered.
        Assert.IsInRange(69, 81, Lit(new PoseStyle { KeypointRadius = 5 }));
    }

    [TestMethod]
    [DataRow(0f, null)]
    [DataRow(float.NaN, null)]
    [DataRow(null, -1f)]
    public void Paint_sizes_out_of_range_are_refused(float? lineWidth, float? radius) =>
        Assert.ThrowsExactly<ArgumentException>(() => PosePainter.Paint(new RgbImage(4, 4), Skeleton, Pose, style: new PoseStyle
        {
            LineWidth = lineWidth,
            KeypointRadius = radius,
        }));

    [TestMethod]
    public void Color_text_round_trips_and_anything_else_is_refused()
    {
        Assert.AreEqual(new RgbColor(0x56, 0xb4, 0xe9), RgbColor.Parse("#56B4E9"));
        Assert.AreEqual("#0a00ff", new RgbColor(10, 0, 255).ToString());
        foreach (string text in new[] { "", "#", "56b4e9", "#56b4e", "#56b4e99", "#56b4eg", "# 6b4e9", "#+6b4e9" })
            Assert.Contains($"'{text}' is not a colour", Assert.ThrowsExactly<FormatException>(() => RgbColor.Parse(text)).Message);
    }

    private static RgbColor At(RgbImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.AsSpan((y * image.Width + x) * 3, 3);
        return new RgbColor(pixel[0], pixel[1], pixel[2]);
    }
}
