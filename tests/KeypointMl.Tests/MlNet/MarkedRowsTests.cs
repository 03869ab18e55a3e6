using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class MarkedRowsTests
{
    private static readonly KeypointDetectionOptions Options = TestData.Options with
    {
        OnError = KeypointErrorPolicy.MarkRow,
        ErrorColumnName = "Error",
    };

    private static readonly (string Name, byte[]? File, string Reason)[] Bad =
    [
        ("missing.png", null, "There is no image"),
        ("empty.png", [], "is empty (0 bytes)"),
        ("text.jpg", "not an image"u8.ToArray(), "is not an image"),
        ("truncated.png", ImageWriter.EncodePng(TestImages.Numbered(3))[..^30], "cannot be decoded"),
        ("huge.png", OddImages.PngHeader(30_000, 30_000), "30000×30000: more than the limit"),
        ("zero.png", OddImages.PngHeader(0, 0), "is not an image"),
        ("", null, "the path is empty"),
    ];

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 1)]
    [DataRow(8, 2)]
    [DataRow(64, 4)]
    public void Transform_bad_paths_among_good_ones_mark_their_rows_and_no_others(int batchSize, int parallelRuns)
    {
        using var folder = new TemporaryFolder();
        (PathRow[] rows, string?[] reasons) = MixedRows(folder, seed: batchSize);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path", Options with
        {
            BatchSize = batchSize,
            ParallelRuns = parallelRuns,
        });
        AssertMarked(transformer.Transform(data), reasons);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    public void Transform_bad_bytes_among_good_ones_mark_their_rows_and_no_others(int batchSize)
    {
        using var folder = new TemporaryFolder();
        (PathRow[] rows, string?[] reasons) = MixedRows(folder, seed: 77);
        var encoded = rows.Select(row => new NumberedEncodedRow
        {
            Number = row.Number,
            Bytes = File.Exists(row.Path) ? File.ReadAllBytes(row.Path) : null,
        });
        IDataView data = ml.Data.LoadFromEnumerable(encoded);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Bytes", Options with { BatchSize = batchSize });
        AssertMarked(transformer.Transform(data),
            [.. reasons.Select(reason => reason is "There is no image" or "the path is empty" ? "is empty (0 bytes)" : reason)]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Transform_null_and_disposed_images_mark_their_rows_and_no_others(int batchSize)
    {
        ImageRow[] rows = [.. Enumerable.Range(0, 12).Select(TestData.Image)];
        rows[0].Image = null;
        rows[5].Image = null;
        rows[6].Image!.Dispose();
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, options: Options with { BatchSize = batchSize });
        string?[] reasons = new string?[12];
        reasons[0] = reasons[5] = "there is no image (null)";
        reasons[6] = "isposed";
        AssertMarked(transformer.Transform(data), reasons);
    }

    [TestMethod]
    public void Transform_after_LoadImages_marks_the_rows_that_the_loader_cannot_read()
    {
        using var folder = new TemporaryFolder();
        PathRow[] rows = [.. ml.Data.CreateEnumerable<PathRow>(TestData.Paths(ml, folder, 9), reuseRowObject: false)];
        File.Delete(rows[4].Path);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        IDataView loaded = ml.Transforms.LoadImages("Image", "", "Path").Fit(data).Transform(data);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, loaded, options: Options);
        string?[] reasons = new string?[9];
        reasons[4] = "4.png";
        AssertMarked(transformer.Transform(loaded), reasons);
        Assert.HasCount(9, transformer.Transform(loaded).Preview(20).RowView); // the image column asked for too
    }

    [TestMethod]
    public void Transform_unusual_files_are_detected()
    {
        using var folder = new TemporaryFolder();
        byte[] turned = OddImages.WithOrientation(ImageWriter.EncodeJpeg(new RgbImage(40, 20, [.. Enumerable.Repeat((byte)255, 2400)])), 6);
        string[] paths =
        [
            folder.Write("cmyk.jpg", OddImages.CmykJpeg(255, 0, 0, 255)), folder.Write("16.png", OddImages.Png16(9, 9, 0xFFFF, 0, 0)),
            folder.Write("animated.gif", OddImages.AnimatedGif((255, 0, 0), (0, 255, 0))), folder.Write("turned.jpg", turned),
        ];
        IDataView data = ml.Data.LoadFromEnumerable(paths.Select((path, i) => new PathRow { Number = i, Path = path }));
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path", Options);
        NumberedCheck[] found = [.. ml.Data.CreateEnumerable<NumberedCheck>(transformer.Transform(data), reuseRowObject: false)];
        // of pictures of one colour; the last one upright, 20×40
        (float X, float Y)[] centres = [(3.5f, 3.5f), (4, 4), (0.5f, 0.5f), (9.5f, 19.5f)];
        for (int i = 0; i < paths.Length; i++)
        {
            Assert.AreEqual("", found[i].Error, paths[i]);
            Assert.AreEqual(centres[i].X, found[i].Keypoints[0], 0.01f, paths[i]);
            Assert.AreEqual(centres[i].Y, found[i].Keypoints[1], 0.01f, paths[i]);
        }
    }

    [TestMethod]
    public void Transform_without_a_reason_column_still_marks()
    {
        IDataView data = ml.Data.LoadFromEnumerable([new PathRow { Path = "no-such-file.png" }]);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path", Options with { ErrorColumnName = null });
        IDataView output = transformer.Transform(data);
        Assert.IsTrue(output.GetColumn<float[]>("Keypoints").Single().All(float.IsNaN));
        Assert.IsTrue(output.GetColumn<float[]>("Confidence").Single().All(value => value == 0));
        Assert.IsNull(output.Schema.GetColumnOrNull("Error"));
    }

    [TestMethod]
    public void Predict_bad_rows_are_marked_and_the_next_is_right()
    {
        using var folder = new TemporaryFolder();
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, TestData.Paths(ml, folder, 3), "Path", Options);
        using PredictionEngine<PathRow, CheckedKeypointPrediction> engine =
            ml.Model.CreatePredictionEngine<PathRow, CheckedKeypointPrediction>(transformer);
        foreach ((string name, byte[]? content, string reason) in Bad)
        {
            CheckedKeypointPrediction marked = engine.Predict(new PathRow { Path = content is null ? name : folder.Write(name, content) });
            StringAssert.Contains(marked.Error, reason);
            Assert.IsTrue(marked.Keypoints.All(float.IsNaN));
            CheckedKeypointPrediction good = engine.Predict(new PathRow { Path = folder["2.png"] });
            Assert.AreEqual("", good.Error);
            TestData.AssertIsRow(2, good);
        }
    }

    [TestMethod]
    public void Failure_of_the_input_itself_is_thrown_under_either_policy()
    {
        using var folder = new TemporaryFolder();
        PathRow[] good = [.. ml.Data.CreateEnumerable<PathRow>(TestData.Paths(ml, folder, 5), reuseRowObject: false)];
        IDataView failing =
            ml.Data.LoadFromEnumerable(
                good.Select(row => row.Number < 3 ? row : throw new InvalidDataException("the input's own trouble")));
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, failing, "Path", Options with { BatchSize = 2 });
        var seen = new List<int>();
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            foreach (NumberedCheck row in ml.Data.CreateEnumerable<NumberedCheck>(transformer.Transform(failing), reuseRowObject: false))
                seen.Add(row.Number);
        });
        Assert.AreEqual("the input's own trouble", error.Message);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, seen);
    }

    [TestMethod]
    public void Cursor_that_stopped_at_a_row_stays_there()
    {
        IDataView data = ml.Data.LoadFromEnumerable([new PathRow { Path = "no-such-file.png" }, new PathRow { Path = "nor-this.png" }]);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path");
        IDataView output = transformer.Transform(data);
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Keypoints"]]);
        for (int i = 0; i < 3; i++)
        {
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext()).Message,
                "Row 0 (counted from 0), column 'Path': There is no image no-such-file.png");
        }
    }

    [TestMethod]
    public void Options_that_contradict_each_other_are_explained()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.DetectKeypoints("K", "Path", TestModels.Detector(), new()
            {
                ErrorColumnName = "Error",
            })).Message,
            "under which it would always be empty. Set OnError to MarkRow");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.DetectKeypoints("K", "Path", TestModels.Detector(), Options with
            {
                ErrorColumnName = "K",
            })).Message,
            "The error column is named 'K'");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointDetectionOptions { OnError = (KeypointErrorPolicy)7 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeypointDetectionOptions { ParallelRuns = -1 });
    }

    // 60 rows in random order; every third of them bad.
    private static (PathRow[] Rows, string?[] Reasons) MixedRows(TemporaryFolder folder, int seed)
    {
        int[] numbers = [.. Enumerable.Range(0, 60)];
        new Random(seed).Shuffle(numbers);
        string?[] reasons = new string?[60];
        var rows = numbers.Select(number =>
        {
            if (number % 3 != 0)
            {
                return new PathRow
                {
                    Number = number,
                    Path = folder.Write($"{number}.png", ImageWriter.EncodePng(TestImages.Numbered(number))),
                };
            }
            (string name, byte[]? content, string reason) = Bad[number / 3 % Bad.Length];
            reasons[number] = reason;
            return new PathRow { Number = number, Path = content is null ? name : folder.Write(name, content) };
        });
        return ([.. rows], reasons);
    }

    private void AssertMarked(IDataView output, string?[] reasons)
    {
        int rows = 0;
        foreach (NumberedCheck row in ml.Data.CreateEnumerable<NumberedCheck>(output, reuseRowObject: false))
        {
            rows++;
            if (reasons[row.Number] is not { } reason)
            {
                Assert.AreEqual("", row.Error);
                TestData.AssertIsRow(row.Number, row);
                continue;
            }
            StringAssert.Contains(row.Error, reason);
            Assert.HasCount(6, row.Keypoints);
            Assert.IsTrue(row.Keypoints.All(float.IsNaN), $"row {row.Number}");
            Assert.IsTrue(row.Confidence.All(value => value == 0), $"row {row.Number}");
        }
        Assert.AreEqual(reasons.Length, rows);
    }
}
