using KeypointMl.Detection;
using KeypointMl.Inference.Detection;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class AutoTuneTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Splits_use_all_processors()
    {
        CollectionAssert.AreEqual(new[] { (1, 8), (2, 4), (4, 2), (8, 1) }, AutoTuner.Splits(8, 0).ToArray());
        CollectionAssert.AreEqual(new[] { (1, 6), (2, 3), (4, 1), (6, 1) }, AutoTuner.Splits(6, 0).ToArray());
        CollectionAssert.AreEqual(new[] { (1, 1) }, AutoTuner.Splits(1, 0).ToArray());
        CollectionAssert.AreEqual(new[] { (1, 3), (2, 3) }, AutoTuner.Splits(8, 3).ToArray());
        CollectionAssert.AreEqual(new[] { (1, 4) }, AutoTuner.Splits(2, 4).ToArray());
    }

    [TestMethod]
    public void Choose_prefers_the_smallest_batch_of_those_that_are_about_as_fast()
    {
        KeypointTuningTrial[] trials = [new(2, 1, 1, 100), new(2, 1, 8, 196), new(1, 2, 4, 195), new(1, 2, 16, 200)];
        Assert.AreEqual(trials[2], AutoTuner.Choose(trials));
        Assert.AreEqual(trials[0], AutoTuner.Choose(trials[..1]));
    }

    [TestMethod]
    public void Load_takes_the_detector_of_the_chosen_trial_though_a_later_one_changed_the_choice()
    {
        DetectionSettings settings = DetectionSettings.FromBytes("Keypoints", "Path", TestModels.Detector(), "d.onnx", TestData.Options);
        int round = 0;
        (KeypointDetector detector, KeypointTuning tuning) = AutoTuner.Load(
            settings, TestData.Options.Detector with { IntraOpThreads = 0 }, (_, threads, runs, trials) => trials.AddRange(round++ switch
            {
                0 => [new(threads, runs, 1, 97.5), new(threads, runs, 4, 100)],
                1 => [new(threads, runs, 8, 101)],
                _ => Array.Empty<KeypointTuningTrial>(),
            }));

        using (detector)
        {
            Assert.AreEqual((Environment.ProcessorCount, 4), (tuning.Chosen.IntraOpThreads, tuning.Chosen.BatchSize));
            Assert.AreEqual(tuning.Chosen.IntraOpThreads, detector.Options.IntraOpThreads);
        }
    }

    [TestMethod]
    public void Fit_measures_uses_the_choice_and_says_so()
    {
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 40);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path", TestData.Options with
        {
            AutoTune = true,
            IntraOpThreads = 0,
        });
        KeypointTuning tuning = transformer.Tuning!;
        Assert.Contains(tuning.Chosen, tuning.Trials);
        Assert.AreEqual(tuning.Chosen, AutoTuner.Choose(tuning.Trials));
        Assert.AreEqual(tuning.Chosen.IntraOpThreads, transformer.Detector.Options.IntraOpThreads);
        Assert.AreEqual((tuning.Chosen.BatchSize, tuning.Chosen.ParallelRuns), (transformer.BatchSize, transformer.ParallelRuns));
        StringAssert.Contains(tuning.ToString(), $"batches of {tuning.Chosen.BatchSize} at once");
        int i = 0;
        foreach (NumberedPrediction row in ml.Data.CreateEnumerable<NumberedPrediction>(transformer.Transform(data), reuseRowObject: true))
            TestData.AssertIsRow(i++, row);
        Assert.AreEqual(40, i);
    }

    [TestMethod]
    public void Fit_with_a_loaded_detector_measures_that_one()
    {
        using KeypointDetector detector = KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);
        IDataView data = TestData.Images(ml, 2);
        KeypointDetectingTransformer transformer = ml.Transforms.DetectKeypoints("Keypoints", "Image", detector, new()
        {
            AutoTune = true,
        }).Fit(data);
        Assert.IsTrue(transformer.Tuning!.Trials.All(trial => trial.IntraOpThreads == 1));
        Assert.AreSame(detector, transformer.Detector);
        Assert.AreEqual(0, detector.BatchesLent);
    }

    [TestMethod]
    public void Batch_that_fails_beside_others_is_thrown_when_all_have_ended()
    {
        using KeypointDetector detector = KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);
        KeypointDetector broken = KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);
        DetectorBatch[] batches = [detector.RentBatch(2), broken.RentBatch(2), detector.RentBatch(2), broken.RentBatch(2)];
        broken.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => AutoTuner.RunAll(batches, _ => true));
        Assert.ThrowsExactly<ObjectDisposedException>(() => AutoTuner.RunAll([batches[1], batches[0]], _ => true));

        foreach (DetectorBatch batch in batches)
            batch.Dispose();
        Assert.AreEqual(0, detector.BatchesLent);
    }
}
