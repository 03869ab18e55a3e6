using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>What all transforms of one row have in common, tested on each.</summary>
[TestClass]
public sealed class RowTransformTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DynamicData(nameof(RowTransforms.OfPictures), typeof(RowTransforms))]
    public void Pictures_belong_to_the_caller_and_go_when_he_asks_for_the_next(string name)
    {
        PoseRow[] source = [.. Enumerable.Range(0, 4).Select(Pictures.Row)];
        IDataView data = ml.Data.LoadFromEnumerable(source);
        ITransformer transformer = RowTransforms.Fit(ml, name, data);
        IDataView output = transformer.Transform(data);
        using (DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Picture"]]))
        {
            ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(output.Schema["Picture"]);
            ValueGetter<MLImage> second = cursor.GetGetter<MLImage>(output.Schema["Picture"]);
            (MLImage image, MLImage other) = (null!, null!);
            while (cursor.MoveNext())
            {
                MLImage? before = image;
                getter(ref image);
                second(ref other);
                Assert.AreNotSame(image, other, "two callers must not share what each disposes of");
                if (before is not null)
                    Assert.ThrowsExactly<InvalidOperationException>(() => before.Width, "the image before was not disposed of");
            }
            cursor.Dispose();
            Assert.AreEqual(image.Width, other.Width, "the last image is the caller's, also after the cursor");
            image.Dispose();
            other.Dispose();
        }
        foreach (PoseRow row in source)
            Assert.AreEqual(TestModels.Width, row.Image!.Width, "an image of the input was disposed of");
        (transformer as IDisposable)?.Dispose();
    }

    [TestMethod]
    [DynamicData(nameof(RowTransforms.OfPictures), typeof(RowTransforms))]
    public void Prediction_engine_gives_each_row_its_picture(string name)
    {
        IDataView data = Pictures.Rows(ml, 3);
        ITransformer transformer = RowTransforms.Fit(ml, name, data);
        RgbImage?[] expected = Pictures.Read(transformer.Transform(data));
        using PredictionEngine<PoseRow, DrawnRow> engine = ml.Model.CreatePredictionEngine<PoseRow, DrawnRow>(transformer);
        for (int i = 0; i < 3; i++)
        {
            DrawnRow drawn = engine.Predict(Pictures.Row(i));
            Assert.AreEqual(i, drawn.Number);
            CollectionAssert.AreEqual(expected[i]!.Pixels, MlImagePixels.ToRgbImage(drawn.Picture!).Pixels);
        }
    }

    [TestMethod]
    public void Pictures_of_any_size_can_be_read_into_objects()
    {
        using var folder = new TemporaryFolder();
        PoseRow[] rows = [.. Enumerable.Range(0, 3).Select(Pictures.Row)];
        foreach (PoseRow row in rows)
            row.Path = folder.Write($"{row.Number}.png", ImageWriter.EncodePng(new RgbImage(30 + row.Number, 20)));
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        IDataView output = ml.Transforms.DrawKeypoints("Picture", "Path", options: new()
        {
            Skeleton = TestModels.Skeleton,
        }).Fit(data).Transform(data);

        foreach (DrawnRow row in ml.Data.CreateEnumerable<DrawnRow>(output, reuseRowObject: false))
            Assert.AreEqual(30 + row.Number, row.Picture!.Width);
    }

    [TestMethod]
    public void Pictures_of_images_that_a_loader_disposes_of_are_right()
    {
        using var folder = new TemporaryFolder();
        PoseRow[] rows = [.. Enumerable.Range(0, 5).Select(Pictures.Row)];
        foreach (PoseRow row in rows)
            row.Path = folder.Write($"{row.Number}.png", ImageWriter.EncodePng(TestImages.Numbered(row.Number)));
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        IEstimator<ITransformer> chain = ml.Transforms.LoadImages("Loaded", "", "Path")
            .Append(ml.Transforms.DrawKeypoints("Picture", "Loaded", options: new() { Skeleton = TestModels.Skeleton }));

        RgbImage?[] pictures = Pictures.Read(chain.Fit(data).Transform(data));

        for (int i = 0; i < rows.Length; i++)
        {
            CollectionAssert.AreEqual(
                PosePainter.Paint(TestImages.Numbered(i), TestModels.Skeleton, TestImages.Dots(i)).Pixels, pictures[i]!.Pixels);
        }
    }

    [TestMethod]
    [DynamicData(nameof(RowTransforms.All), typeof(RowTransforms))]
    public void Rows_keep_their_number_order_ids_and_other_columns(string name)
    {
        IDataView data = Pictures.Rows(ml, 20);
        ITransformer transformer = RowTransforms.Fit(ml, name, data);
        IDataView output = transformer.Transform(data);

        CollectionAssert.AreEqual(Enumerable.Range(0, 20).ToArray(), output.GetColumn<int>("Number").ToArray());
        Assert.AreEqual(data.GetRowCount(), output.GetRowCount());
        CollectionAssert.AreEqual(Ids(data), Ids(output));
        IDataView shuffled = ml.Data.ShuffleRows(output, seed: 5);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 20).ToArray(), shuffled.GetColumn<int>("Number").ToArray());
        Assert.HasCount(3, output.Preview(3).RowView);
        var covered = new List<long>();
        foreach (DataViewRowCursor cursor in output.GetRowCursorSet(output.Schema, 3))
        {
            using (cursor)
            {
                while (cursor.MoveNext())
                    covered.Add(cursor.Position);
            }
        }
        Assert.HasCount(20, covered);
        (transformer as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Column_not_asked_for_reads_nothing_upstream()
    {
        // Neither the files nor the detector's pictures exist: reading them would throw.
        IDataView data = Pictures.Rows(ml, 3);
        ITransformer transformer = ml.Transforms.DrawKeypoints("Picture", "Path", options: new()
        {
            Skeleton = TestModels.Skeleton,
        }).Fit(data);
        IDataView output = transformer.Transform(data);

        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, output.GetColumn<int>("Number").ToArray());
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Number"]]);
        Assert.IsFalse(cursor.IsColumnActive(output.Schema["Picture"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<MLImage>(output.Schema["Picture"]));
        Assert.IsFalse(cursor.IsColumnActive(output.Schema["Path"]));
    }

    [TestMethod]
    [DynamicData(nameof(RowTransforms.All), typeof(RowTransforms))]
    public void Estimator_describes_to_a_chain_what_the_transformer_gives(string name)
    {
        IDataView data = Pictures.Rows(ml, 1);
        IEstimator<ITransformer> estimator = RowTransforms.Estimator(ml, name);
        SchemaShape shape = estimator.GetOutputSchema(TestSchemas.ShapeOf(data.Schema));
        SchemaShape.Column described = shape.Single(column => column.Name == RowTransforms.Output(name));
        DataViewSchema.Column real = estimator.Fit(data).GetOutputSchema(data.Schema)[RowTransforms.Output(name)];
        Assert.AreEqual(real.Type is VectorDataViewType, described.Kind != SchemaShape.Column.VectorKind.Scalar);
        Assert.AreEqual((real.Type as VectorDataViewType)?.ItemType.RawType ?? real.Type.RawType, described.ItemType.RawType);
    }

    private static DataViewRowId[] Ids(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        ValueGetter<DataViewRowId> getter = cursor.GetIdGetter();
        var ids = new List<DataViewRowId>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getter(ref id);
            ids.Add(id);
        }
        return [.. ids];
    }
}
