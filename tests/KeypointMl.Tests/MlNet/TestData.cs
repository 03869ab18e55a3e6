using System.Numerics;
using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

/// <summary>Rows whose other columns follow from the row's number, so that a mix-up of rows shows.</summary>
internal static class TestData
{
    public static KeypointDetectionOptions Options { get; } = new()
    {
        Device = KeypointDevice.Cpu,
        IntraOpThreads = 1,
        BatchSize = 4,
        ConfidenceColumnName = "Confidence",
    };

    public static ImageRow Image(int number) => new()
    {
        Number = number,
        Name = $"row {number}",
        Values = Values(number),
        Image = MlImagePixels.ToMlImage(TestImages.Numbered(number)),
    };

    public static IDataView Images(MLContext ml, int count) => ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, count).Select(Image)]);

    public static IDataView Paths(MLContext ml, TemporaryFolder folder, int count) =>
        ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, count).Select(i => new PathRow
    {
        Number = i,
        Path = folder.Write($"{i}.png", ImageWriter.EncodePng(TestImages.Numbered(i))),
    })]);

    // Vectors of a different length in each row.
    public static float[] Values(int number) => [.. Enumerable.Range(0, number % 5 + 1).Select(i => number + i / 10f)];

    public static KeypointDetectingTransformer Fit(
        MLContext ml, IDataView data, string input = "Image", KeypointDetectionOptions? options = null) =>
        ml.Transforms.DetectKeypoints("Keypoints", input, TestModels.Detector(), options ?? Options).Fit(data);

    public static void AssertIsRow(int number, KeypointPrediction row)
    {
        Vector2[] points = row.ToPoints();
        Vector2[] expected = TestImages.Dots(number);
        Assert.HasCount(3, points);
        // Centroids of integer bytes: exact up to float rounding.
        for (int k = 0; k < 3; k++)
        {
            Assert.AreEqual(0, Vector2.Distance(expected[k], points[k]), 1e-4f,
                $"row {number}, keypoint {k}: {points[k]} instead of {expected[k]}");
        }
    }
}
