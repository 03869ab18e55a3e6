using System.Numerics;
using KeypointMl.Detection;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rendering;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class RenderSkeletonTests
{
    private static readonly SkeletonRenderingOptions Options = new()
    {
        Skeleton = TestModels.Skeleton,
        Width = TestModels.Width,
        Height = TestModels.Height,
    };

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Fall_off_gives_the_raster_between_the_two_colours()
    {
        var fallOff = SkeletonFallOff.Linear(0.1);
        float[] brightness = new float[TestModels.Width * TestModels.Height];
        SkeletonRaster.Render(TestModels.Skeleton, TestImages.Dots(3), TestModels.Width, TestModels.Height, fallOff, brightness);

        RgbImage picture = Render(3, Options with { FallOff = fallOff, Background = new(10, 20, 30), Foreground = new(210, 120, 30) });

        for (int i = 0; i < brightness.Length; i++)
        {
            Assert.AreEqual((byte)MathF.Round(10 + 200 * brightness[i]), picture.Pixels[3 * i]);
            Assert.AreEqual((byte)MathF.Round(20 + 100 * brightness[i]), picture.Pixels[3 * i + 1]);
            Assert.AreEqual(30, picture.Pixels[3 * i + 2]);
        }
    }

    [TestMethod]
    public void Lines_are_the_painters_on_the_background()
    {
        var blank = new RgbImage(TestModels.Width, TestModels.Height);
        Array.Fill(blank.Pixels, (byte)40);

        RgbImage picture = Render(5, Options with { Background = new(40, 40, 40) });

        CollectionAssert.AreEqual(PosePainter.Paint(blank, TestModels.Skeleton, TestImages.Dots(5)).Pixels, picture.Pixels);
    }

    [TestMethod]
    public void View_maps_its_box_to_the_picture()
    {
        var view = new Box(-3, 2, 40, 8);
        Vector2[] expected = [.. TestImages.Dots(2).Select(p => view.ToCrop(p, 60, 30))];

        RgbImage picture = Render(2, Options with { Width = 60, Height = 30, View = view });

        CollectionAssert.AreEqual(PosePainter.Paint(new RgbImage(60, 30), TestModels.Skeleton, expected).Pixels, picture.Pixels);
    }

    [TestMethod]
    public void Edges_given_are_drawn_instead_of_the_columns_own()
    {
        var other = new Skeleton("other", TestModels.Skeleton.Keypoints, [new(1, 2)]);
        IDataView data = TestData.Images(ml, 2);
        ITransformer chain = ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options)
            .Append(ml.Transforms.RenderSkeleton("Picture", options: Options with { Skeleton = other }))
            .Fit(data);

        RgbImage picture = Pictures.Read(chain.Transform(data))[1]!;

        byte[] expected = PosePainter.Paint(new RgbImage(TestModels.Width, TestModels.Height), other, TestImages.Dots(1)).Pixels;
        Assert.IsLessThanOrEqualTo(1, expected.Zip(picture.Pixels, (a, b) => Math.Abs(a - b)).Max()); // keypoints exact to 1e-4 px
        (chain as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Other_keypoints_than_the_columns_are_refused()
    {
        IDataView data = TestData.Images(ml, 1);
        using KeypointDetectingTransformer detector = TestData.Fit(ml, data);
        var other = new Skeleton("other", ["a", "b", "c"], []);
        var error = Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.RenderSkeleton("Picture", options: new()
        {
            Skeleton = other,
        }).Fit(detector.Transform(data)));
        StringAssert.Contains(error.Message, "has the keypoints of skeleton 'colours' (red, green, blue, …); expected those of 'other'");
    }

    [TestMethod]
    public void Contradicting_options_are_refused()
    {
        StringAssert.Contains(Refused(new()
        {
            FallOff = SkeletonFallOff.Linear(0.1),
            Style = PoseStyle.Default,
        }), "Both FallOff and Style");
        StringAssert.Contains(Refused(new() { FallOff = SkeletonFallOff.Linear(0) }), "FallOff");
        StringAssert.Contains(Refused(new() { View = new Box(0, 0, 0, 5) }), "View");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SkeletonRenderingOptions { Width = 1 });
    }

    private string Refused(SkeletonRenderingOptions options) =>
        Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.RenderSkeleton("Picture", options: options)).Message;

    private RgbImage Render(int number, SkeletonRenderingOptions options)
    {
        IDataView data = Pictures.Rows(ml, number + 1);
        return Pictures.Read(ml.Transforms.RenderSkeleton("Picture", options: options).Fit(data).Transform(data))[number]!;
    }
}
