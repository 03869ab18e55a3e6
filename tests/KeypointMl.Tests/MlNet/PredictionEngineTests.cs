using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class PredictionEngineTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Predict_images_one_after_the_other_gives_each_its_keypoints()
    {
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, TestData.Images(ml, 1));
        using PredictionEngine<ImageRow, ConfidentKeypointPrediction> engine =
            ml.Model.CreatePredictionEngine<ImageRow, ConfidentKeypointPrediction>(transformer);
        for (int i = 0; i < 5; i++)
        {
            ImageRow row = TestData.Image(i);
            ConfidentKeypointPrediction prediction = engine.Predict(row);
            TestData.AssertIsRow(i, prediction);
            Assert.AreEqual(1f / (TestModels.Width * TestModels.Height), prediction.Confidence[2]);
            Assert.AreEqual(TestModels.Width, row.Image!.Width, "the caller's image was disposed of");
        }
    }

    [TestMethod]
    public void Predict_paths_works_and_a_bad_one_does_not_spoil_the_next()
    {
        using var folder = new TemporaryFolder();
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, TestData.Paths(ml, folder, 1), "Path");
        using PredictionEngine<PathRow, KeypointPrediction> engine =
            ml.Model.CreatePredictionEngine<PathRow, KeypointPrediction>(transformer);
        string good = folder.Write("good.png", ImageWriter.EncodePng(TestImages.Numbered(8)));
        string bad = folder.Write("bad.png", [1, 2, 3]);
        TestData.AssertIsRow(8, engine.Predict(new PathRow { Path = good }));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => engine.Predict(new PathRow { Path = bad })).Message, bad);
        TestData.AssertIsRow(8, engine.Predict(new PathRow { Path = good }));
    }

    [TestMethod]
    public void Predict_in_a_chain_works()
    {
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 3);
        ITransformer chain = ml.Transforms.LoadImages("Image", "", "Path")
            .Append(ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options))
            .Fit(data);
        using PredictionEngine<PathRow, KeypointPrediction> engine = ml.Model.CreatePredictionEngine<PathRow, KeypointPrediction>(chain);
        for (int i = 0; i < 3; i++)
            TestData.AssertIsRow(i, engine.Predict(new PathRow { Path = folder[$"{i}.png"] }));
    }

    [TestMethod]
    public void Dispose_of_an_engine_that_owns_disposes_the_transformer()
    {
        KeypointDetectingTransformer transformer = TestData.Fit(ml, TestData.Images(ml, 1));
        ml.Model.CreatePredictionEngine<ImageRow, KeypointPrediction>(transformer, new PredictionEngineOptions
        {
            OwnsTransformer = false,
        }).Dispose();
        PredictionEngine<ImageRow, KeypointPrediction> engine = ml.Model.CreatePredictionEngine<ImageRow, KeypointPrediction>(transformer);
        TestData.AssertIsRow(2, engine.Predict(TestData.Image(2)));
        engine.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.Detector.RentBatch(1));
    }
}
