using System.Collections.Immutable;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Calibration;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Running;

/// <summary>Measures a run's detector on labelled frames, in TorchSharp.</summary>
internal static class RunEvaluation
{
    /// <summary>On the way: at most so many frames, confidences as the network gives them.</summary>
    /// <param name="model">The networks; not those of imm, whose points have no names.</param>
    /// <param name="test">The frames.</param>
    /// <param name="prior">For the baselines.</param>
    /// <param name="frames">At most so many, evenly spread; null for all.</param>
    public static KeypointMetrics Measure(ITrainedModel model, LabelledFrames test, PosePrior prior, int? frames) =>
        Measure(model, model.Detector, test, prior, frames);

    /// <summary>
    /// At the end: all frames, with the run's calibration of confidences. One that was fitted to these frames is not measured.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="model">Its networks; not those of imm, whose points have no names.</param>
    /// <param name="test">The frames.</param>
    /// <param name="prior">For the baselines.</param>
    public static KeypointMetrics MeasureAll(RunFolder run, ITrainedModel model, LabelledFrames test, PosePrior prior)
    {
        ConfidenceCalibration? calibration = ConfidenceCalibration.Of(run, model.Points);
        using ConfidenceCalibrator? calibrator = calibration?.Calibrator(model.Points);
        using CalibratedDetector? calibrated = calibrator is null ? null : new CalibratedDetector(model.Detector, calibrator);
        KeypointMetrics metrics = Measure(model, calibrated ?? model.Detector, test, prior, null);
        if (calibration is { SawTest: true })
            metrics = metrics with { Confidence = null };
        return BottleneckError.Measure(model, run.Recipe, prior, test.Protocol) is { } bottleneck
            ? metrics.WithBaseline("bottleneck", bottleneck)
            : metrics;
    }

    private static KeypointMetrics Measure(
        ITrainedModel model, Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, LabelledFrames test, PosePrior prior,
        int? frames)
    {
        using OfflineRegressor? offline = model.Offline is { } kept ? new OfflineRegressor(kept.Beta, kept.Eta) : null;
        return DetectorEvaluation.Evaluate(detector, test, frames, prior, offline, model.Device);
    }

    /// <summary>What the log says of a measurement.</summary>
    public static ImmutableSortedDictionary<string, double> Summary(KeypointMetrics metrics)
    {
        var summary = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["error_percent_of_image"] = metrics.ErrorPercentOfImage,
            ["flip_min_error_percent"] = metrics.FlipMinErrorPercent,
            ["pck_0.1"] = metrics.Pck["0.1"],
        };
        if (metrics.NmePercent is { } nme)
            summary["nme_percent"] = nme;
        return summary.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
