using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Calibration;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>What a calibration may be fitted to, and what it is then measured on.</summary>
[TestClass]
public sealed class CalibrationLabelsTests
{
    private TemporaryFolder folder = null!;

    private static PuppetDataset Others => new(new PuppetOptions
    {
        Width = 32,
        Height = 32,
        Seed = 9,
        TestVideos = 2,
        TestFramesPerVideo = 5,
    });

    [TestInitialize]
    public void Train()
    {
        folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe(steps: 2, pretraining: 2));
        TinyRun.Train(run);
    }

    [TestCleanup]
    public void Delete() => folder.Dispose();

    [TestMethod]
    public void MeasureAgain_does_not_measure_confidences_on_the_labels_that_they_were_calibrated_on()
    {
        using RunFolder run = RunFolder.Open(folder["run"]);
        ConfidenceCalibrating.WithLabels(run, TinyRun.Puppets, "test").Save(run);
        Assert.IsNull(ConfidenceCalibrating.MeasureAgain(run, TinyRun.Puppets)!.Confidence);

        ConfidenceCalibrating.WithLabels(run, TinyRun.Puppets, "test", labels: Others).Save(run);
        Assert.IsNotNull(ConfidenceCalibrating.MeasureAgain(run, TinyRun.Puppets)!.Confidence);
    }

    [TestMethod]
    public void MeasureAgain_does_not_measure_confidences_on_test_frames_whatever_their_split_is_called()
    {
        using RunFolder run = RunFolder.Open(folder["run"]);
        var data = new PartOfTest(TinyRun.Puppets);
        ConfidenceCalibration calibration = ConfidenceCalibrating.WithLabels(run, data, "train");
        calibration.Save(run);

        Assert.AreEqual((4, true), (calibration.Frames, calibration.SawTest));
        Assert.IsNull(ConfidenceCalibrating.MeasureAgain(run, data)!.Confidence);
    }

    [TestMethod]
    public void Of_networks_that_were_trained_on_since_is_refused()
    {
        using RunFolder run = RunFolder.Open(folder["run"]);
        ConfidenceCalibration calibration = ConfidenceCalibrating.WithoutLabels(run, TinyRun.Puppets);
        (calibration with { Step = calibration.Step - 1 }).Save(run);
        Assert.Contains("keypointml calibrate",
            Assert.ThrowsExactly<InvalidDataException>(() => ConfidenceCalibration.Of(run, TinyRun.Puppets.Skeleton)).Message);
        (calibration with { Step = null }).Save(run); // of an earlier version
        Assert.IsNotNull(ConfidenceCalibration.Of(run, TinyRun.Puppets.Skeleton));
    }

    [TestMethod]
    public void WithLabels_of_other_keypoints_is_refused_by_name()
    {
        using RunFolder run = RunFolder.Open(folder["run"]);
        var others = new OtherKeypoints(TinyRun.Puppets);
        Assert.Contains("in the same order", Assert.ThrowsExactly<InvalidDataException>(
            () => ConfidenceCalibrating.WithLabels(run, TinyRun.Puppets, "test", labels: others)).Message);
    }

    /// <summary>The same data with its keypoints in another order.</summary>
    private sealed class OtherKeypoints(IDataset inner) : ChangedDataset(inner)
    {
        public override Skeleton Skeleton { get; } = new("other", [.. inner.Skeleton.Keypoints.Reverse()], []);
    }
}
