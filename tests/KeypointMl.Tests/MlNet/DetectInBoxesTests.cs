using System.Numerics;
using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class DetectInBoxesTests
{
    private static readonly KeypointDetectionOptions Options = TestData.Options with
    {
        BoxColumnName = "Box",
        OnError = KeypointErrorPolicy.MarkRow,
        ErrorColumnName = "Error",
    };

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Path")]
    public void Transform_boxes_gives_pixels_of_the_whole_image(string column)
    {
        using var folder = new TemporaryFolder();
        BoxRow[] rows = [.. Enumerable.Range(0, 7)
            .Select(i => Row(folder, i, new Box(11 + i, 5 + 2 * i, TestModels.Width, TestModels.Height)))];
        foreach ((BoxRow row, NumberedCheck found) in rows.Zip(Detect(rows, column)))
        {
            Assert.AreEqual("", found.Error);
            Vector2[] points = found.ToPoints();
            Vector2[] dots = TestImages.Dots(row.Number);
            // The boxes have the graph's size: their pixels are copied, and centroids are exact up to float rounding.
            for (int k = 0; k < 3; k++)
                Assert.AreEqual(0, Vector2.Distance(dots[k] + new Vector2(row.Box![0], row.Box[1]), points[k]), 1e-4f);
        }
    }

    [TestMethod]
    public void Transform_boxes_equals_the_detector()
    {
        using var folder = new TemporaryFolder();
        var box = new Box(-3.5f, 4.25f, 41, 30); // reaches over the edge
        BoxRow row = Row(folder, 2, box);
        using KeypointDetector detector = KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);
        DetectedPose expected = detector.Detect(ImageDecoder.Decode(row.Path), box);
        NumberedCheck found = Detect([row], "Path").Single();
        CollectionAssert.AreEqual(expected.Keypoints, found.ToPoints());
        CollectionAssert.AreEqual(expected.Confidence, found.Confidence);
    }

    [TestMethod]
    [DataRow("Image")]
    [DataRow("Path")]
    public void Transform_unusable_boxes_mark_their_rows_and_no_others(string column)
    {
        using var folder = new TemporaryFolder();
        (float[]? Box, string Reason)[] bad =
        [
            ([200, 10, 20, 16], "lies outside the 60×50 image"),
            ([-20, 10, 20, 16], "lies outside the 60×50 image"),
            ([float.NaN, 0, 20, 16], "not finite"),
            ([0, 0, float.PositiveInfinity, 16], "not finite"),
            ([0, 0, 0, 16], "not greater than 0"),
            ([0, 0, 20, -16], "not greater than 0"),
            ([0, 0, 3_000_000, 16], "has a number above 1,000,000"),
            ([0, 0, 20], "has 3 numbers"),
            (null, "has 0 numbers"),
        ];
        var rows = new List<BoxRow>();
        for (int i = 0; i < bad.Length; i++)
        {
            rows.Add(Row(folder, 2 * i, new Box(3, 4, TestModels.Width, TestModels.Height)));
            BoxRow broken = Row(folder, 2 * i + 1, new Box(3, 4, TestModels.Width, TestModels.Height));
            broken.Box = bad[i].Box;
            rows.Add(broken);
        }
        NumberedCheck[] found = [.. Detect([.. rows], column)];
        for (int i = 0; i < found.Length; i++)
        {
            if (i % 2 == 0)
            {
                Assert.AreEqual("", found[i].Error);
                Assert.AreEqual(0, Vector2.Distance(TestImages.Dots(i)[0] + new Vector2(3, 4), found[i].ToPoints()[0]), 1e-4f);
                continue;
            }
            StringAssert.Contains(found[i].Error, bad[i / 2].Reason);
            Assert.IsTrue(found[i].Keypoints.All(float.IsNaN));
            Assert.IsTrue(found[i].Confidence.All(value => value == 0));
        }
    }

    [TestMethod]
    public void Transform_unusable_box_throws_by_default_and_names_the_row()
    {
        using var folder = new TemporaryFolder();
        BoxRow[] rows = [Row(folder, 0, new Box(0, 0, 20, 16)), Row(folder, 1, new Box(100, 0, 20, 16))];
        KeypointDetectionOptions options = Options with { OnError = KeypointErrorPolicy.Throw, ErrorColumnName = null };
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Detect<NumberedPrediction>(rows, "Path", options).ToArray());
        StringAssert.Contains(error.Message,
            "Row 1 (counted from 0), column 'Path': the box (100, 0, 20×16) in column 'Box' lies outside the 60×50 image");
    }

    [TestMethod]
    public void Predict_uses_the_box_of_its_row()
    {
        using var folder = new TemporaryFolder();
        BoxRow[] rows = [.. Enumerable.Range(0, 3).Select(i => Row(folder, i, new Box(5 * i, 3, TestModels.Width, TestModels.Height)))];
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, ml.Data.LoadFromEnumerable(rows), "Image", Options);
        using PredictionEngine<BoxRow, CheckedKeypointPrediction> engine =
            ml.Model.CreatePredictionEngine<BoxRow, CheckedKeypointPrediction>(transformer);
        foreach (BoxRow row in rows)
        {
            Assert.AreEqual(0, Vector2.Distance(TestImages.Dots(row.Number)[2] + new Vector2(5 * row.Number, 3),
                engine.Predict(row).ToPoints()[2]), 1e-4f);
            row.Box = [1000, 0, 5, 5];
            CheckedKeypointPrediction marked = engine.Predict(row);
            StringAssert.Contains(marked.Error, "lies outside");
            Assert.IsTrue(marked.Keypoints.All(float.IsNaN));
        }
    }

    [TestMethod]
    public void DetectKeypoints_box_column_missing_or_of_another_type_is_explained()
    {
        IDataView data = TestData.Images(ml, 1);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TestData.Fit(ml, data, options: TestData.Options with
        {
            BoxColumnName = "Nowhere",
        })).Message, "no column 'Nowhere'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TestData.Fit(ml, data, options: TestData.Options with
        {
            BoxColumnName = "Number",
        })).Message, "expected a column of vectors of 4 floats");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TestData.Fit(ml, data, options: TestData.Options with
        {
            BoxColumnName = "",
        })).Message, "box column is empty");
    }

    private static BoxRow Row(TemporaryFolder folder, int number, Box box)
    {
        // The dots stand in the box's frame of reference: those of row i are at its dots, moved by the box.
        var frame = new RgbImage(60, 50);
        Vector2[] dots = TestImages.Dots(number);
        for (int k = 0; k < 3; k++)
        {
            (int x, int y) = ((int)(dots[k].X + box.X), (int)(dots[k].Y + box.Y));
            if (x is >= 0 and < 60 && y is >= 0 and < 50)
                frame.Pixels[(y * 60 + x) * 3 + k] = 255;
        }
        return new BoxRow
        {
            Number = number,
            Image = MlImagePixels.ToMlImage(frame),
            Path = folder.Write($"box{number}.png", ImageWriter.EncodePng(frame)),
            Box = [box.X, box.Y, box.Width, box.Height],
        };
    }

    private IEnumerable<NumberedCheck> Detect(BoxRow[] rows, string column) => Detect<NumberedCheck>(rows, column, Options);

    private T[] Detect<T>(BoxRow[] rows, string column, KeypointDetectionOptions options)
        where T : class, new()
    {
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, column, options);
        return [.. ml.Data.CreateEnumerable<T>(transformer.Transform(data), reuseRowObject: false)];
    }
}
