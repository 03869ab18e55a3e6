using KeypointMl.Drawing;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class DrawKeypointsTests
{
    private static readonly KeypointDrawingOptions Options = new() { Skeleton = TestModels.Skeleton };

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Picture_is_the_painters_on_the_rows_image()
    {
        IDataView data = Pictures.Rows(ml, 4);
        var style = new PoseStyle { Coloring = PoseColoring.Group, LineWidth = 2 };

        RgbImage?[] pictures = Draw(data, Options with { Style = style });

        for (int i = 0; i < 4; i++)
        {
            CollectionAssert.AreEqual(
                PosePainter.Paint(TestImages.Numbered(i), TestModels.Skeleton, TestImages.Dots(i), style: style).Pixels,
                pictures[i]!.Pixels, $"row {i}");
        }
    }

    [TestMethod]
    [DataRow("Keypoints", "Confidence")]
    [DataRow("Interleaved", null)]
    public void Keypoints_below_the_threshold_are_left_out_with_their_edges(string keypoints, string? confidence)
    {
        IDataView data = Pictures.Rows(ml, 1); // confidences 1, 0.5, 0.25
        System.Numerics.Vector2[] sure = TestImages.Dots(0);
        sure[2] = new(float.NaN);

        RgbImage?[] pictures = Draw(data, Options with { MinConfidence = 0.5f, ConfidenceColumnName = confidence }, keypoints);

        CollectionAssert.AreEqual(PosePainter.Paint(TestImages.Numbered(0), TestModels.Skeleton, sure).Pixels, pictures[0]!.Pixels);
    }

    [TestMethod]
    public void Paths_are_drawn_at_their_own_sizes()
    {
        using var folder = new TemporaryFolder();
        RgbImage large = TestImages.Draw([new(3, 3)], 50, 30);
        PoseRow row = Pictures.Row(1);
        row.Path = folder.Write("large.png", ImageWriter.EncodePng(large));
        IDataView data = ml.Data.LoadFromEnumerable([row]);

        RgbImage picture = Pictures.Read(ml.Transforms.DrawKeypoints("Picture", "Path", options: Options).Fit(data).Transform(data))[0]!;

        CollectionAssert.AreEqual(PosePainter.Paint(large, TestModels.Skeleton, TestImages.Dots(1)).Pixels, picture.Pixels);
    }

    [TestMethod]
    public void Detected_keypoints_bring_their_skeleton()
    {
        IDataView data = TestData.Images(ml, 3);
        ITransformer chain = ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options)
            .Append(ml.Transforms.DrawKeypoints("Picture", "Image", options: new()
            {
                MinConfidence = 0,
                ConfidenceColumnName = "Confidence",
            }))
            .Fit(data);

        RgbImage?[] pictures = Pictures.Read(chain.Transform(data));

        // Centroids of single pixels are exact to 1e-4 px, so that no antialiased level differs by more than one.
        byte[] expected = PosePainter.Paint(TestImages.Numbered(2), TestModels.Skeleton, TestImages.Dots(2)).Pixels;
        Assert.IsLessThanOrEqualTo(1, expected.Zip(pictures[2]!.Pixels, (a, b) => Math.Abs(a - b)).Max());
        (chain as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Bad_columns_and_options_are_named()
    {
        IDataView data = Pictures.Rows(ml, 1);
        StringAssert.Contains(Refused(data, new()), "Column 'Keypoints' does not say what its keypoints are");
        StringAssert.Contains(Refused(data, Options, "Number"), "Column 'Number' is of type Int32; expected a vector of K×2 floats");
        StringAssert.Contains(Refused(data, Options, "Confidence"),
            "Column 'Confidence' holds 3 floats; skeleton 'colours' has 3 keypoints, which make 6, or 9");
        StringAssert.Contains(Refused(data, Options with { MinConfidence = 0.1f }), "column 'Keypoints' has no confidences");
        StringAssert.Contains(Refused(data, Options with { ConfidenceColumnName = "Keypoints" }), "expected a vector of 3 floats");
        StringAssert.Contains(Refused(data, Options with { ConfidenceColumnName = "None" }), "no column 'None'");
        SchemaShape shape = TestSchemas.ShapeOf(data.Schema);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.DrawKeypoints("Picture", "Image", options: Options with
            {
                ConfidenceColumnName = "Number",
            }).GetOutputSchema(shape)).Message,
            "Column 'Number' is of type Int32 (Scalar); expected a vector of K floats, the confidences.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointDrawingOptions { MinConfidence = 1.5f });
        Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.DrawKeypoints("Picture", "Image", options: new()
        {
            Style = new() { LineWidth = 0 },
        }));
    }

    private string Refused(IDataView data, KeypointDrawingOptions options, string keypoints = "Keypoints") =>
        Assert.ThrowsExactly<ArgumentException>(
            () => ml.Transforms.DrawKeypoints("Picture", "Image", keypoints, options).Fit(data)).Message;

    private RgbImage?[] Draw(IDataView data, KeypointDrawingOptions options, string keypoints = "Keypoints") =>
        Pictures.Read(ml.Transforms.DrawKeypoints("Picture", "Image", keypoints, options).Fit(data).Transform(data));
}
