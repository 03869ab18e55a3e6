using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class DetectKeypointsTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(11)]
    [DataRow(64)]
    public void Transform_images_gives_every_row_its_own_values(int batchSize)
    {
        IDataView data = TestData.Images(ml, 11);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, options: TestData.Options with { BatchSize = batchSize });
        DetectedRow[] rows = [.. ml.Data.CreateEnumerable<DetectedRow>(transformer.Transform(data), reuseRowObject: false)];
        Assert.HasCount(11, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            TestData.AssertIsRow(i, rows[i]);
            Assert.AreEqual(i, rows[i].Number);
            Assert.AreEqual($"row {i}", rows[i].Name);
            CollectionAssert.AreEqual(TestData.Values(i), rows[i].Values);
            // The dots may share a pixel, but not a channel: each channel has one byte of 255.
            CollectionAssert.AreEqual(Enumerable.Repeat(1f / (TestModels.Width * TestModels.Height), 3).ToArray(), rows[i].Confidence);
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Transform_images_in_memory_asked_for_too_stay_the_callers(int batchSize)
    {
        ImageRow[] source = [.. Enumerable.Range(0, 9).Select(TestData.Image)];
        IDataView data = ml.Data.LoadFromEnumerable(source);
        KeypointDetectingTransformer transformer = TestData.Fit(ml, data, options: TestData.Options with { BatchSize = batchSize });
        DetectedRow[] rows = [.. ml.Data.CreateEnumerable<DetectedRow>(transformer.Transform(data), reuseRowObject: false)];
        transformer.Dispose();
        for (int i = 0; i < rows.Length; i++)
        {
            // With one row at a time, the first is given before it shows whose the images are: a copy.
            if (batchSize > 1 || i > 0)
                Assert.AreSame(source[i].Image, rows[i].Image);
            CollectionAssert.AreEqual(TestImages.Numbered(i).Pixels, MlImagePixels.ToRgbImage(rows[i].Image!).Pixels, $"row {i}");
            CollectionAssert.AreEqual(TestImages.Numbered(i).Pixels, MlImagePixels.ToRgbImage(source[i].Image!).Pixels, $"row {i}");
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Transform_images_that_the_loader_disposes_of_are_given_as_copies(int batchSize)
    {
        using var folder = new TemporaryFolder();
        IDataView loaded = ml.Transforms.LoadImages("Image", "", "Path").Fit(TestData.Paths(ml, folder, 9))
            .Transform(TestData.Paths(ml, folder, 9));
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, loaded, options: TestData.Options with { BatchSize = batchSize });
        IDataView output = transformer.Transform(loaded);
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Image"], output.Schema["Keypoints"]]);
        ValueGetter<MLImage> images = cursor.GetGetter<MLImage>(output.Schema["Image"]);
        MLImage image = null!;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            MLImage? before = image;
            images(ref image);
            images(ref image); // twice for one row, as a getter may be called
            CollectionAssert.AreEqual(TestImages.Numbered(i).Pixels, MlImagePixels.ToRgbImage(image).Pixels, $"row {i}");
            Assert.AreEqual(folder[$"{i}.png"], image.Tag);
            if (i > 1)
                Assert.ThrowsExactly<InvalidOperationException>(() => before!.Width, "the image before was not disposed of");
        }
    }

    [TestMethod]
    public void Transform_after_LoadImages_and_ResizeImages_works_with_and_without_the_image()
    {
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 7);
        IEstimator<ITransformer> chain = ml.Transforms.LoadImages("Image", "", "Path")
            .Append(ml.Transforms.ResizeImages("Image", TestModels.Width, TestModels.Height))
            .Append(ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options));
        ITransformer transformer = chain.Fit(data);
        try
        {
            int i = 0;
            foreach (NumberedPrediction row in ml.Data.CreateEnumerable<NumberedPrediction>(
                transformer.Transform(data), reuseRowObject: true))
                TestData.AssertIsRow(i++, row);
            Assert.AreEqual(7, i);

            DataDebuggerPreview preview = transformer.Transform(data).Preview(5);
            Assert.HasCount(5, preview.RowView);
            foreach (DataDebuggerPreview.RowInfo row in preview.RowView)
                Assert.AreEqual(TestModels.Width, ((MLImage)row.Values.Last(value => value.Key == "Image").Value).Width);
        }
        finally
        {
            (transformer as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void Transform_paths_and_bytes_agree_with_images_to_the_bit()
    {
        using var folder = new TemporaryFolder();
        const int Count = 5;
        // Larger than the graph's image, so that all three are cropped and resized.
        RgbImage[] pictures = [.. Enumerable.Range(0, Count)
            .Select(i => TestImages.Draw([new(40 + i, 30), new(50, 20 + i), new(11 * i, 9)], 97, 61))];
        IDataView images = ml.Data.LoadFromEnumerable([.. pictures.Select(p => new ImageRow { Image = MlImagePixels.ToMlImage(p) })]);
        IDataView paths = ml.Data.LoadFromEnumerable([.. pictures.Select((p, i) => new PathRow
        {
            Path = folder.Write($"{i}.png", ImageWriter.EncodePng(p)),
        })]);
        IDataView bytes = ml.Data.LoadFromEnumerable([.. pictures.Select(p => new EncodedRow { Bytes = ImageWriter.EncodePng(p) })]);
        float[][] expected = Keypoints(images, "Image");
        float[][] fromPaths = Keypoints(paths, "Path");
        float[][] fromBytes = Keypoints(bytes, "Bytes");
        for (int i = 0; i < Count; i++)
        {
            CollectionAssert.AreEqual(expected[i], fromPaths[i]);
            CollectionAssert.AreEqual(expected[i], fromBytes[i]);
        }
        // Pixels of the picture, not of the graph's image. A single dot, shrunk 4 to 5 times, keeps its place to within
        // half a pixel of the graph's image.
        Assert.AreEqual(41, expected[1][0], 0.5f * 97 / TestModels.Width);
        Assert.AreEqual(30, expected[1][1], 0.5f * 61 / TestModels.Height);
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void Transform_either_pixel_format_finds_the_colours(MLPixelFormat format)
    {
        RgbImage picture = TestImages.Numbered(3);
        byte[] pixels = new byte[TestModels.Width * TestModels.Height * 4];
        for (int i = 0; i < TestModels.Width * TestModels.Height; i++)
        {
            for (int channel = 0; channel < 3; channel++)
                pixels[i * 4 + (format == MLPixelFormat.Rgba32 ? channel : 2 - channel)] = picture.Pixels[i * 3 + channel];
            pixels[i * 4 + 3] = 255;
        }
        using var image = MLImage.CreateFromPixels(TestModels.Width, TestModels.Height, format, pixels);
        IDataView data = ml.Data.LoadFromEnumerable([new ImageRow { Image = image }]);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data);
        TestData.AssertIsRow(3, ml.Data.CreateEnumerable<NumberedPrediction>(transformer.Transform(data), reuseRowObject: false).Single());
    }

    [TestMethod]
    public void DetectKeypoints_bad_arguments_are_explained()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(
                () => ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Generator())).Message,
            "is a generator; expected a detector");
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => ml.Transforms.DetectKeypoints("Keypoints", "Image", "no-such.onnx")).Message,
            "no-such.onnx");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.DetectKeypoints("A", "Image", TestModels.Detector(), new()
            {
                ConfidenceColumnName = "A",
            })).Message,
            "confidence column");

        IDataView data = TestData.Images(ml, 1);
        string missing = Assert.ThrowsExactly<ArgumentException>(() => TestData.Fit(ml, data, "Picture")).Message;
        StringAssert.Contains(missing, "no column 'Picture' (their columns: Number, Name, Values, Image)");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TestData.Fit(ml, data, "Number")).Message,
            "Column 'Number' is of type Int32; expected a column of MLImage");
    }

    [TestMethod]
    public void Fit_cuda_without_it_says_how_to_get_it()
    {
        if (Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            Assert.Inconclusive("This process has the CUDA package of ONNX Runtime.");
        IDataView data = TestData.Images(ml, 1);
        var error = Assert.ThrowsExactly<NotSupportedException>(() => TestData.Fit(ml, data, options: TestData.Options with
        {
            Device = KeypointDevice.Cuda(),
        }));
        StringAssert.Contains(error.Message, "-p:KeypointDevice=cuda");
    }

    private float[][] Keypoints(IDataView data, string column)
    {
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, column);
        return [.. transformer.Transform(data).GetColumn<float[]>("Keypoints")];
    }
}
