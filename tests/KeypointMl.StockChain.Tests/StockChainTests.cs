using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Rows;
using KeypointMl.StockChain;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class StockChainTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow("Path")]
    [DataRow("Image")]
    public void Saved_chain_loads_without_our_transforms_and_finds_the_same(string column)
    {
        using var folder = new TemporaryFolder();
        IDataView data = ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, 5).Select(i => new BoxRow
        {
            Number = i,
            Path = folder.Write($"{i}.png", ImageWriter.EncodePng(TestImages.Numbered(i))),
            Image = MlImagePixels.ToMlImage(TestImages.Numbered(i)),
            Box = [],
        })]);
        using (KeypointDetectingTransformer ours = TestData.Fit(ml, data, column))
        {
            ITransformer stock = ours.ToStockChain(ml, data.Schema);
            ml.Model.Save(stock, data.Schema, folder["stock.zip"]);
            (stock as IDisposable)?.Dispose();
        }
        ITransformer loaded = new MLContext().Model.Load(folder["stock.zip"], out _);
        Assert.IsFalse(((TransformerChain<ITransformer>)loaded).Any(
            part => part.GetType().Assembly.GetName().Name!.StartsWith("KeypointMl", StringComparison.Ordinal)));
        int rows = 0;
        // Images of the graph's own size: nothing is resized, and pixels of the graph's image are pixels of the image.
        foreach (NumberedPrediction row in ml.Data.CreateEnumerable<NumberedPrediction>(loaded.Transform(data), reuseRowObject: false))
        {
            TestData.AssertIsRow(row.Number, row);
            rows++;
        }
        Assert.AreEqual(5, rows);
        // ML.NET's transforms dispose of images in memory: they can be walked over once.
        if (column == "Path")
            Assert.HasCount(3, loaded.Transform(data).GetColumn<float[]>("Confidence").First());
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Shipped_detector_works_in_a_stock_chain()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(RepositoryFiles.Root, "onnx", "puppets", "detector.onnx");
        RgbImage picture = new SeededRandomPictures(seed: 9).Next(128, 128);
        IDataView data = ml.Data.LoadFromEnumerable([new PathRow { Path = folder.Write("p.png", ImageWriter.EncodePng(picture)) }]);
        using KeypointDetectingTransformer ours = ml.Transforms.DetectKeypoints("Pose", "Path", model, new()
        {
            Device = TestData.Options.Device,
            IntraOpThreads = 1,
        }).Fit(data);
        ITransformer stock = ours.ToStockChain(ml, data.Schema);
        float[] expected = ours.Transform(data).GetColumn<float[]>("Pose").Single();
        float[] actual = stock.Transform(data).GetColumn<float[]>("Pose").Single();
        // The same graph and pixels; the number of threads may differ, and with it the order of sums.
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-3f);
        (stock as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void ToStockChain_says_what_ML_NET_cannot_do()
    {
        using var folder = new TemporaryFolder();
        IDataView boxes = ml.Data.LoadFromEnumerable([new BoxRow { Path = "none", Box = [0, 0, 1, 1] }]);
        IDataView bytes = ml.Data.LoadFromEnumerable([new EncodedRow()]);
        StringAssert.Contains(Refused(boxes, "Path", TestData.Options with { BoxColumnName = "Box" }), "cannot crop boxes");
        StringAssert.Contains(Refused(boxes, "Path", TestData.Options with { InterleaveConfidence = true }), "cannot interleave");
        StringAssert.Contains(Refused(boxes, "Path", TestData.Options with { OnError = KeypointErrorPolicy.MarkRow }), "cannot mark rows");
        StringAssert.Contains(Refused(bytes, "Bytes", TestData.Options), "cannot decode vectors of bytes");
    }

    private string Refused(IDataView data, string column, KeypointDetectionOptions options)
    {
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, column, options);
        return Assert.ThrowsExactly<NotSupportedException>(() => transformer.ToStockChain(ml, data.Schema)).Message;
    }
}
