using KeypointMl.Drawing;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Metrics;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Tests.MlNet;

/// <summary>
/// Keypoints whose schema does not say how many floats there are, as those of <see cref="InterleavedKeypointPrediction"/>: each row tells.
/// </summary>
[TestClass]
public sealed class KeypointsOfUnknownLengthTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Predictions_with_confidences_that_were_read_into_objects_are_evaluated()
    {
        IDataView found = TestData.Fit(ml, TestData.Images(ml, 6), options: TestData.Options with
        {
            InterleaveConfidence = true,
        }).Transform(TestData.Images(ml, 6));
        InterleavedKeypointPrediction[] read =
            [.. ml.Data.CreateEnumerable<InterleavedKeypointPrediction>(found, reuseRowObject: false)];
        IDataView data = ml.Data.LoadFromEnumerable(read.Select((row, i) => new LabelledRow
        {
            Keypoints = row.Keypoints,
            Label = TestImages.Flatten(TestImages.Dots(i)),
        }));

        KeypointMetrics metrics = ml.Keypoints.Evaluate(data, new()
        {
            ImageWidth = TestModels.Width,
            ImageHeight = TestModels.Height,
            Skeleton = TestModels.Skeleton,
        });

        Assert.AreEqual(6, metrics.Frames);
        Assert.AreEqual(0, metrics.ErrorPercentOfImage, 1e-3);
        Assert.IsNotNull(metrics.Confidence);
    }

    [TestMethod]
    public void Each_row_tells_whether_it_has_confidences()
    {
        LabelledRow[] rows = [new() { Keypoints = Flat(0) }, new() { Keypoints = Interleaved(1) }];

        float[][] shapes =
        [
            .. ml.Transforms.NormalizePose("Shape", skeleton: TestModels.Skeleton).Fit(ml.Data.LoadFromEnumerable(rows))
                .Transform(ml.Data.LoadFromEnumerable([rows[1], new() { Keypoints = Flat(1) }])).GetColumn<float[]>("Shape"),
        ];

        CollectionAssert.AreEqual(shapes[1], shapes[0]); // K×2: the schema is told before the rows are seen
        IDataView wrong = ml.Data.LoadFromEnumerable([new LabelledRow { Keypoints = new float[7] }]);
        Assert.Contains("holds 7 floats; 3 keypoints make 6, or 9 with confidences", Assert.Throws<InvalidDataException>(() =>
            ml.Transforms.NormalizePose("Shape", skeleton: TestModels.Skeleton).Fit(wrong).Transform(wrong).GetColumn<float[]>("Shape")
                .ToArray()).Message);
    }

    [TestMethod]
    public void Doubtful_keypoints_are_left_out_where_the_row_has_confidences_and_a_row_without_is_named()
    {
        var options = new KeypointDrawingOptions { Skeleton = TestModels.Skeleton, MinConfidence = 0.5f };
        System.Numerics.Vector2[] sure = TestImages.Dots(1);
        sure[2] = new(float.NaN);
        IDataView good = ml.Data.LoadFromEnumerable([Row(1, Interleaved(1))]);
        IDataView bad = ml.Data.LoadFromEnumerable([Row(1, Flat(1))]);

        RgbImage?[] drawn = Pictures.Read(ml.Transforms.DrawKeypoints("Picture", "Image", options: options).Fit(good).Transform(good));

        CollectionAssert.AreEqual(PosePainter.Paint(TestImages.Numbered(1), TestModels.Skeleton, sure).Pixels, drawn[0]!.Pixels);
        Assert.Contains("column 'Keypoints' has no confidences", Assert.Throws<InvalidDataException>(() =>
            Pictures.Read(ml.Transforms.DrawKeypoints("Picture", "Image", options: options).Fit(bad).Transform(bad))).Message);
    }

    private static LabelledRow Row(int number, float[] keypoints) =>
        new() { Keypoints = keypoints, Image = MlImagePixels.ToMlImage(TestImages.Numbered(number)) };

    private static float[] Flat(int number) => TestImages.Flatten(TestImages.Dots(number));

    // confidences 1, 0.5, 0.25
    private static float[] Interleaved(int number) => Pictures.Row(number).Interleaved;

    private sealed class LabelledRow
    {
        [VectorType]
        public float[] Keypoints { get; set; } = [];

        [VectorType]
        public float[] Label { get; set; } = [];

        [ImageType(TestModels.Height, TestModels.Width)]
        public MLImage? Image { get; set; }
    }
}
