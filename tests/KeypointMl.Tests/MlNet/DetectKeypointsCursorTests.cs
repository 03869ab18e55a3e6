using KeypointMl.Detection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>
/// What a caller sees who walks over the rows: their order, failures among them, several cursors at once, and the
/// transformer's end.
/// </summary>
[TestClass]
public sealed class DetectKeypointsCursorTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Cursor_not_asked_for_keypoints_decodes_nothing()
    {
        IDataView data = ml.Data.LoadFromEnumerable([new PathRow { Number = 5, Path = "no-such-file.png" }]);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path");
        IDataView output = transformer.Transform(data);
        Assert.AreEqual(5, output.GetColumn<int>("Number").Single());
        Assert.AreEqual("no-such-file.png", output.GetColumn<string>("Path").Single());
        Assert.AreEqual(data.GetRowCount(), output.GetRowCount());
    }

    [TestMethod]
    public void Cursor_missing_file_gives_the_rows_before_it_then_names_row_and_path()
    {
        using var folder = new TemporaryFolder();
        PathRow[] rows = [.. ml.Data.CreateEnumerable<PathRow>(TestData.Paths(ml, folder, 9), reuseRowObject: false)];
        File.Delete(rows[6].Path);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path");
        var seen = new List<int>();
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            foreach (NumberedPrediction row in ml.Data.CreateEnumerable<NumberedPrediction>(
                transformer.Transform(data), reuseRowObject: false))
            {
                TestData.AssertIsRow(row.Number, row);
                seen.Add(row.Number);
            }
        });
        CollectionAssert.AreEqual(Enumerable.Range(0, 6).ToArray(), seen);
        StringAssert.Contains(error.Message, "Row 6 (counted from 0), column 'Path'");
        StringAssert.Contains(error.Message, rows[6].Path);
        Assert.IsInstanceOfType<FileNotFoundException>(error.InnerException);
    }

    [TestMethod]
    public void Cursor_row_without_an_image_names_it()
    {
        IDataView noImage = ml.Data.LoadFromEnumerable([TestData.Image(0), new ImageRow()]);
        using KeypointDetectingTransformer onImages = TestData.Fit(ml, noImage);
        StringAssert.Contains(Failure(onImages.Transform(noImage)).Message, "Row 1 (counted from 0), column 'Image': there is no image");

        IDataView noPath = ml.Data.LoadFromEnumerable([new PathRow()]);
        using KeypointDetectingTransformer onPaths = TestData.Fit(ml, noPath, "Path");
        StringAssert.Contains(Failure(onPaths.Transform(noPath)).Message, "Row 0 (counted from 0), column 'Path': the path is empty");

        IDataView noBytes = ml.Data.LoadFromEnumerable([new EncodedRow()]);
        using KeypointDetectingTransformer onBytes = TestData.Fit(ml, noBytes, "Bytes");
        StringAssert.Contains(Failure(onBytes.Transform(noBytes)).Message, "Row 0 (counted from 0), column 'Bytes'");
    }

    [TestMethod]
    public void Cursor_image_above_the_limit_is_refused()
    {
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 1);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path", TestData.Options with { MaxPixels = 100 });
        StringAssert.Contains(Failure(transformer.Transform(data)).Message, "limit of 100 pixels");
    }

    [TestMethod]
    public void Cursors_interleaved_and_parallel_do_not_disturb_each_other()
    {
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 13);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path");
        IDataView output = transformer.Transform(data);
        IEnumerable<NumberedPrediction> Rows() => ml.Data.CreateEnumerable<NumberedPrediction>(output, reuseRowObject: true);
        foreach ((NumberedPrediction first, NumberedPrediction second) in Rows().Zip(Rows().Skip(3)))
        {
            TestData.AssertIsRow(first.Number, first);
            TestData.AssertIsRow(first.Number + 3, second);
        }
        Parallel.For(0, 4, _ =>
        {
            int i = 0;
            foreach (NumberedPrediction row in Rows())
                TestData.AssertIsRow(i++, row);
            Assert.AreEqual(13, i);
        });
    }

    [TestMethod]
    public void Cursor_set_covers_every_row_once()
    {
        IDataView data = TestData.Images(ml, 10);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data);
        IDataView output = transformer.Transform(data);
        var seen = new List<int>();
        foreach (DataViewRowCursor cursor in output.GetRowCursorSet(output.Schema, 3))
        {
            using (cursor)
                seen.AddRange(Walk(cursor));
        }
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 10).ToArray(), seen);
    }

    [TestMethod]
    public void Shuffled_rows_keep_their_keypoints()
    {
        IDataView data = TestData.Images(ml, 20);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data);
        IDataView shuffled = ml.Data.ShuffleRows(transformer.Transform(data), seed: 5);
        int[] numbers = [.. ml.Data.CreateEnumerable<NumberedPrediction>(shuffled, reuseRowObject: false).Select(row =>
        {
            TestData.AssertIsRow(row.Number, row);
            return row.Number;
        })];
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 20).ToArray(), numbers);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 20).ToArray(), numbers);
    }

    [TestMethod]
    public void Row_ids_are_the_inputs()
    {
        IDataView data = TestData.Images(ml, 9);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data);
        IDataView output = transformer.Transform(data);
        CollectionAssert.AreEqual(Ids(data), Ids(output));
    }

    [TestMethod]
    public void Cursor_misused_says_how_to_use_it()
    {
        IDataView data = TestData.Images(ml, 2);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data);
        IDataView output = transformer.Transform(data);
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Keypoints"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(output.Schema["Keypoints"]);
        VBuffer<float> value = default;
        Assert.AreEqual(-1, cursor.Position);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref value)).Message, "MoveNext");
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(output.Schema["Number"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(output.Schema["Keypoints"]));
        while (cursor.MoveNext())
            getter(ref value);
        Assert.AreEqual(-1, cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void Disposed_transformer_throws_instead_of_crashing()
    {
        // More than are read ahead of the first row, which may all have been seen by the time of the disposal.
        IDataView data = TestData.Images(ml, 400);
        KeypointDetectingTransformer transformer = TestData.Fit(ml, data);
        using IEnumerator<NumberedPrediction> rows =
            ml.Data.CreateEnumerable<NumberedPrediction>(transformer.Transform(data), reuseRowObject: true).GetEnumerator();
        Assert.IsTrue(rows.MoveNext());
        transformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() =>
        {
            while (rows.MoveNext())
            {
            }
        });
        Assert.ThrowsExactly<ObjectDisposedException>(
            () => ml.Data.CreateEnumerable<NumberedPrediction>(transformer.Transform(data), reuseRowObject: true).ToArray());
    }

    private InvalidDataException Failure(IDataView output) =>
        Assert.ThrowsExactly<InvalidDataException>(() => output.GetColumn<float[]>("Keypoints").ToArray());

    private static List<int> Walk(DataViewRowCursor cursor)
    {
        ValueGetter<int> number = cursor.GetGetter<int>(cursor.Schema["Number"]);
        ValueGetter<VBuffer<float>> keypoints = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Keypoints"]);
        var seen = new List<int>();
        int value = 0;
        VBuffer<float> points = default;
        while (cursor.MoveNext())
        {
            number(ref value);
            keypoints(ref points);
            Assert.AreEqual(seen.Count, (int)cursor.Position);
            TestData.AssertIsRow(value, new KeypointPrediction { Keypoints = [.. points.DenseValues()] });
            seen.Add(value);
        }
        return seen;
    }

    private static string[] Ids(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        ValueGetter<DataViewRowId> getter = cursor.GetIdGetter();
        var ids = new List<string>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getter(ref id);
            ids.Add(id.ToString());
        }
        return [.. ids];
    }
}
