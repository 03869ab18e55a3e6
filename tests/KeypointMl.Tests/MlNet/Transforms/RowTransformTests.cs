using System.IO.Compression;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>What all transforms of one row have in common, tested on each.</summary>
[TestClass]
public sealed class RowTransformTests
{
    private readonly MLContext ml = new(seed: 1);

    public static IEnumerable<object[]> PictureTransforms =>
        [["DrawKeypoints"], ["RenderSkeleton"], ["GenerateImage"], ["TransferAppearance"]];

    public static IEnumerable<object[]> AllTransforms => [.. PictureTransforms, ["NormalizePose"]];

    [TestMethod]
    [DynamicData(nameof(PictureTransforms))]
    public void Pictures_belong_to_the_caller_and_go_when_he_asks_for_the_next(string name)
    {
        PoseRow[] source = [.. Enumerable.Range(0, 4).Select(Pictures.Row)];
        IDataView data = ml.Data.LoadFromEnumerable(source);
        ITransformer transformer = Fit(name, data);
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
    [DynamicData(nameof(PictureTransforms))]
    public void Prediction_engine_gives_each_row_its_picture(string name)
    {
        IDataView data = Pictures.Rows(ml, 3);
        ITransformer transformer = Fit(name, data);
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
    [DynamicData(nameof(AllTransforms))]
    public void Rows_keep_their_number_order_ids_and_other_columns(string name)
    {
        IDataView data = Pictures.Rows(ml, 20);
        ITransformer transformer = Fit(name, data);
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
    [DynamicData(nameof(AllTransforms))]
    public void Estimator_describes_to_a_chain_what_the_transformer_gives(string name)
    {
        IDataView data = Pictures.Rows(ml, 1);
        IEstimator<ITransformer> estimator = Estimator(name);
        SchemaShape shape = estimator.GetOutputSchema(TestSchemas.ShapeOf(data.Schema));
        SchemaShape.Column described = shape.Single(column => column.Name == Output(name));
        DataViewSchema.Column real = estimator.Fit(data).GetOutputSchema(data.Schema)[Output(name)];
        Assert.AreEqual(real.Type is VectorDataViewType, described.Kind != SchemaShape.Column.VectorKind.Scalar);
        Assert.AreEqual((real.Type as VectorDataViewType)?.ItemType.RawType ?? real.Type.RawType, described.ItemType.RawType);
    }

    [TestMethod]
    [DynamicData(nameof(AllTransforms))]
    public void Saved_model_loads_in_another_context_and_does_the_same(string name)
    {
        using var folder = new TemporaryFolder();
        IDataView data = Pictures.Rows(ml, 3);
        ITransformer transformer = Fit(name, data);
        ml.Model.Save(transformer, data.Schema, folder["model.zip"]);

        ITransformer loaded = new MLContext().UseKeypointMl().Model.Load(folder["model.zip"], out _);

        Assert.IsInstanceOfType(loaded, transformer.GetType());
        AssertSame(name, transformer.Transform(data), loaded.Transform(data));
    }

    [TestMethod]
    [DynamicData(nameof(AllTransforms))]
    public void Model_of_format_version_1_still_loads_and_does_the_same(string name)
    {
        IDataView data = Pictures.Rows(ml, 3);
        string fixture = Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "MlNet", "Fixtures", $"{name}-v1.zip");

        ITransformer loaded = new MLContext().UseKeypointMl().Model.Load(fixture, out _);

        AssertSame(name, Fit(name, data).Transform(data), loaded.Transform(data));
    }

    [TestMethod]
    [DynamicData(nameof(AllTransforms))]
    public void Model_of_format_version_1_is_saved_again_with_the_same_bytes(string name)
    {
        using var folder = new TemporaryFolder();
        string fixture = Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "MlNet", "Fixtures", $"{name}-v1.zip");
        ITransformer loaded = new MLContext().UseKeypointMl().Model.Load(fixture, out DataViewSchema schema);

        ml.Model.Save(loaded, schema, folder["again.zip"]);

        Dictionary<string, byte[]> before = SavedParts(fixture), after = SavedParts(folder["again.zip"]);
        CollectionAssert.AreEquivalent(before.Keys, after.Keys);
        foreach ((string part, byte[] bytes) in before)
            CollectionAssert.AreEqual(bytes, after[part], part);
    }

    // What the transform itself wrote: ML.NET's header has the assembly's version in it, and says where its end is.
    private static Dictionary<string, byte[]> SavedParts(string zip)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        var parts = new Dictionary<string, byte[]>();
        foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.FullName.StartsWith("TransformerChain", StringComparison.Ordinal)))
        {
            using Stream stream = entry.Open();
            byte[] bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            parts[entry.FullName] = entry.Name == "Model.key"
                ? bytes.AsSpan((int)BitConverter.ToInt64(bytes, 16), (int)BitConverter.ToInt64(bytes, 24)).ToArray()
                : bytes;
        }
        Assert.IsNotEmpty(parts);
        return parts;
    }

    [TestMethod]
    [DynamicData(nameof(AllTransforms))]
    public void Model_of_a_newer_format_is_refused_with_advice(string name)
    {
        using var folder = new TemporaryFolder();
        IDataView data = Pictures.Rows(ml, 1);
        ml.Model.Save(Fit(name, data), data.Schema, folder["model.zip"]);
        using (ZipArchive archive = ZipFile.Open(folder["model.zip"], ZipArchiveMode.Update))
        {
            using Stream stream = archive.GetEntry("TransformerChain/Model.key")!.Open();
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            // ML.NET's header says at offset 16 where our first number, the format version, stands.
            BitConverter.TryWriteBytes(bytes.AsSpan((int)BitConverter.ToInt64(bytes, 16)), 2);
            stream.Position = 0;
            stream.Write(bytes);
        }
        var messages = new List<string>();
        for (Exception? e =
            Assert.Throws<Exception>(() => new MLContext().UseKeypointMl().Model.Load(folder["model.zip"], out _));
            e is not null; e = e.InnerException)
            messages.Add(e.Message);
        StringAssert.Contains(string.Join('\n', messages),
            $"The saved {name} transform has format version 2; this KeypointMl reads version 1. Update KeypointMl.");
    }

    private static string Output(string name) => name == "NormalizePose" ? "Shape" : "Picture";

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

    private static void AssertSame(string name, IDataView expected, IDataView actual)
    {
        if (name == "NormalizePose")
        {
            float[][] shapes = [.. actual.GetColumn<float[]>("Shape")];
            foreach ((float[] pose, int i) in expected.GetColumn<float[]>("Shape").Select((pose, i) => (pose, i)))
                CollectionAssert.AreEqual(pose, shapes[i]);
            return;
        }
        RgbImage?[] pictures = Pictures.Read(actual);
        foreach ((RgbImage? picture, int i) in Pictures.Read(expected).Select((picture, i) => (picture, i)))
            CollectionAssert.AreEqual(picture!.Pixels, pictures[i]!.Pixels);
    }

    private ITransformer Fit(string name, IDataView data) => Estimator(name).Fit(data);

    // Every option that is saved has another value than its default.
    private IEstimator<ITransformer> Estimator(string name) => name switch
    {
        "DrawKeypoints" => ml.Transforms.DrawKeypoints("Picture", "Image", options: new()
        {
            Skeleton = TestModels.Skeleton,
            ConfidenceColumnName = "Confidence",
            MinConfidence = 0.3f,
            MaxPixels = 12345,
            OnError = KeypointErrorPolicy.MarkRow,
            Style = new()
            {
                Coloring = PoseColoring.Group,
                LeftColor = new(1, 2, 3),
                RightColor = new(4, 5, 6),
                MiddleColor = new(7, 8, 9),
                GroupColors = new Dictionary<string, RgbColor> { ["warm"] = new(200, 100, 50) },
                KeypointColor = new(10, 200, 30),
                LineWidth = 1.5f,
                KeypointRadius = 2,
            },
        }),
        "RenderSkeleton" => ml.Transforms.RenderSkeleton("Picture", options: new()
        {
            Skeleton = TestModels.Skeleton,
            Width = 30,
            Height = 25,
            View = new Box(-1, -2, 25, 20),
            FallOff = SkeletonFallOff.Squared(30),
            Foreground = new(250, 240, 230),
            Background = new(10, 20, 30),
            OnError = KeypointErrorPolicy.MarkRow,
        }),
        "NormalizePose" => ml.Transforms.NormalizePose("Shape", normalization: new()
        {
            Origin = PoseOrigin.Keypoints,
            OriginKeypoints = ["red"],
            Unit = PoseUnit.Length,
            LengthFrom = ["green"],
            LengthTo = ["blue", "red"],
            UprightFrom = "red",
            UprightTo = "blue",
        }, skeleton: TestModels.Skeleton),
        "GenerateImage" => ml.Transforms.GenerateImage("Picture", "Keypoints", "Image", TestModels.Generator(), new()
        {
            Device = KeypointDevice.Cpu,
            IntraOpThreads = 1,
            KeypointsWidth = 15,
            KeypointsHeight = 12,
            MaxPixels = 12345,
            OnError = KeypointErrorPolicy.MarkRow,
        }),
        _ => ml.Transforms.TransferAppearance("Picture", "Image", "Image", TestModels.Detector(), TestModels.Generator(), new()
        {
            Device = KeypointDevice.Cpu,
            IntraOpThreads = 1,
            MaxPixels = 12345,
            OnError = KeypointErrorPolicy.MarkRow,
        }),
    };
}
