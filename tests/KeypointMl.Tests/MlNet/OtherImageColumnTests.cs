using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class OtherImageColumnTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void Images_that_detection_does_not_look_at_are_passed_on(int batchSize)
    {
        using var folder = new TemporaryFolder();
        PoseRow[] source = [.. Enumerable.Range(0, 9).Select(Pictures.Row)];
        foreach (PoseRow row in source)
            row.Path = folder.Write($"{row.Number}.png", ImageWriter.EncodePng(TestImages.Numbered(row.Number)));
        IDataView data = ml.Data.LoadFromEnumerable(source);
        using KeypointDetectingTransformer transformer =
            ml.Transforms.DetectKeypoints("Found", "Path", TestModels.Detector(), TestData.Options with
            {
                BatchSize = batchSize,
            }).Fit(data);
        IDataView output = transformer.Transform(data);
        using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Image"], output.Schema["Found"]]);
        ValueGetter<MLImage> images = cursor.GetGetter<MLImage>(output.Schema["Image"]);
        MLImage image = null!;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            images(ref image);
            CollectionAssert.AreEqual(TestImages.Numbered(i).Pixels, MlImagePixels.ToRgbImage(image).Pixels, $"row {i}");
        }
        Assert.AreEqual(TestModels.Width, source[0].Image!.Width, "the caller's image was disposed of");
    }
}
