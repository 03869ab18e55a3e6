using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Poses;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>Measures a run's detector on labelled frames, in TorchSharp.</summary>
internal static class RunEvaluation
{
    private const int BottleneckPoses = 256;

    /// <summary>On the way: at most so many frames, confidences as the network gives them.</summary>
    /// <param name="model">The networks; not those of imm, whose points have no names.</param>
    /// <param name="test">The frames.</param>
    /// <param name="prior">For the baselines.</param>
    /// <param name="frames">At most so many, evenly spread; null for all.</param>
    public static KeypointMetrics Measure(ITrainedModel model, LabelledFrames test, PosePrior prior, int? frames) => Measure(model, model.Detector, test, prior, frames);

    /// <summary>At the end: all frames, with the run's calibration of confidences.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">Its networks; not those of imm, whose points have no names.</param>
    /// <param name="test">The frames.</param>
    /// <param name="prior">For the baselines.</param>
    public static KeypointMetrics MeasureAll(RunFolder run, ITrainedModel model, LabelledFrames test, PosePrior prior)
    {
        using ConfidenceCalibrator? calibrator = ConfidenceCalibration.Of(run, model.Points)?.Calibrator(model.Points);
        using CalibratedDetector? calibrated = calibrator is null ? null : new CalibratedDetector(model.Detector, calibrator);
        KeypointMetrics metrics = Measure(model, calibrated ?? model.Detector, test, prior, null);
        return Bottleneck(model, run.Recipe, prior, test.Protocol) is { } bottleneck
            ? metrics.WithBaseline("bottleneck", bottleneck)
            : metrics;
    }

    /// <summary>
    /// What the pre-trained η reads off clean skeleton images of augmented prior poses: the error below which no image can be seen through this renderer and η. Null where a run has no such η.
    /// </summary>
    /// <param name="model">The networks.</param>
    /// <param name="recipe">Their recipe.</param>
    /// <param name="prior">The poses.</param>
    /// <param name="protocol">How errors are measured.</param>
    public static BaselineMetrics? Bottleneck(ITrainedModel model, Recipe recipe, PosePrior prior, MetricProtocol protocol)
    {
        if (model is not TrainingNetworks { OfflineEta: { } eta } networks)
            return null;
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        var poses = new PriorPoseBatches(prior, recipe, model.Device);
        var evaluator = new KeypointEvaluator(model.Points, protocol, recipe.Size, recipe.Size);
        for (int batch = 0; batch < BottleneckPoses / DetectorEvaluation.BatchSize; batch++)
        {
            using var scope = NewDisposeScope();
            Tensor truth = poses.Draw(DetectorEvaluation.BatchSize, RandomStreams.BottleneckPoses, batch);
            (Tensor read, Tensor __) = eta.call(networks.Networks.Beta.call(truth));
            foreach ((Vector2[] predicted, Vector2[] drawn) in DetectorEvaluation.ToPixels(read, recipe.Size, recipe.Size).Zip(DetectorEvaluation.ToPixels(truth, recipe.Size, recipe.Size)))
                evaluator.Add(predicted, drawn);
        }
        KeypointMetrics metrics = evaluator.Compute();
        return new BaselineMetrics(metrics.ErrorPercentOfImage, metrics.NmePercent, metrics.PerKeypointGroup);
    }

    private static KeypointMetrics Measure(
        ITrainedModel model, Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, LabelledFrames test, PosePrior prior, int? frames)
    {
        using OfflineRegressor? offline = model is TrainingNetworks { OfflineEta: { } eta } networks ? new OfflineRegressor(networks.Networks.Beta, eta) : null;
        return DetectorEvaluation.Evaluate(detector, test, frames, prior, offline, model.Device);
    }
}
