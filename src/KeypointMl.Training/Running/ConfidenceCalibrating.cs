using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Calibration;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Running;

/// <summary>Makes a run's <see cref="ConfidenceCalibration"/>, with labels or without. The run's networks stay as they are.</summary>
public static class ConfidenceCalibrating
{
    private const int MostFrames = 256;

    /// <summary>
    /// Calibrates by what several looks at unlabelled training frames differ by: of a distillation at the frames that
    /// were held back from it.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its data set, at the recipe's size.</param>
    /// <param name="device">Where the networks run; null: on the CPU.</param>
    /// <exception cref="InvalidDataException">
    /// The run has no checkpoint of its training yet, or is of a method whose points have no names.
    /// </exception>
    public static ConfidenceCalibration WithoutLabels(RunFolder run, IDataset dataset, TrainingDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        RequireNamed(run.Recipe);
        (ITrainedModel model, _, CheckpointFile checkpoint) = TrainedModels.Open(run, device?.Device);
        using (model)
        using (TrainingData data = TrainingMethods.OpenData(run.Recipe, dataset))
            return WithoutLabels(model, run.Recipe, data, dataset.Name, checkpoint.Step);
    }

    /// <summary>Calibrates by the errors on labelled frames.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its data set, at the recipe's size.</param>
    /// <param name="split">
    /// A split with labels. Where its frames are among those that the run is measured on, a measurement leaves the confidence out.
    /// </param>
    /// <param name="frames">At most so many frames, spread evenly; null: all.</param>
    /// <param name="device">Where the networks run; null: on the CPU.</param>
    /// <param name="labels">Another data set to take the labelled split of; null: the run's own.</param>
    /// <exception cref="InvalidDataException">
    /// The run has no checkpoint of its training yet, is of a method whose points have no names, or the split has no
    /// labels, or none of a keypoint, or labels of other keypoints.
    /// </exception>
    public static ConfidenceCalibration WithLabels(
        RunFolder run, IDataset dataset, string split, int? frames = null, TrainingDevice? device = null,
        IDataset? labels = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        RequireNamed(run.Recipe);
        IDataset source = labels ?? dataset;
        if (!source.LabelledSplits.Contains(split))
        {
            throw new InvalidDataException(
                $"{source.Name} has no labels of split '{split}', but of "
                + $"{(source.LabelledSplits.Count == 0 ? "none" : string.Join(", ", source.LabelledSplits))}. "
                + "Choose one of those, or calibrate without labels.");
        }
        (ITrainedModel opened, _, CheckpointFile checkpoint) = TrainedModels.Open(run, device?.Device);
        using ITrainedModel model = opened;
        RecipeData.RequireKeypoints(model.Points, source);
        using LabelledFrames labelled = source.OpenLabelled(split);
        using LabelledFrames? test = RecipeData.OpenTest(dataset);
        int[] chosen = DetectorEvaluation.Spread(labelled.Frames.Count, frames);
        Values[] values = NewValues(model.Points.Count);
        double size = labelled.Protocol.ImageSize(labelled.Frames.Width, labelled.Frames.Height);
        foreach (int[] batch in chosen.Chunk(FrameBlocks.Size))
        {
            (Vector2[][] poses, float[][] confidences) = DetectorEvaluation.Detect(model.Detector, labelled.Frames, batch, model.Device);
            for (int i = 0; i < batch.Length; i++)
            {
                for (int k = 0; k < values.Length; k++)
                {
                    if (float.IsFinite(labelled.Poses[batch[i]][k].X))
                        values[k].Add(confidences[i][k], 100 * Vector2.Distance(poses[i][k], labelled.Poses[batch[i]][k]) / size);
                }
            }
        }
        return Fit(values, model.Points, "labels", $"{split} frames of {source.Name}", chosen.Length) with
        {
            Step = checkpoint.Step,
            SawTest = test is not null && TestFrames.Have(test.Frames, labelled.Frames, chosen, areOfTheRun: labels is null),
        };
    }

    /// <summary>Calibrates networks in memory without labels.</summary>
    /// <param name="model">The networks.</param>
    /// <param name="recipe">Their recipe.</param>
    /// <param name="data">What they were trained on, and what was held back from them.</param>
    /// <param name="dataset">The data set's name.</param>
    /// <param name="step">The networks' step.</param>
    internal static ConfidenceCalibration WithoutLabels(ITrainedModel model, Recipe recipe, TrainingData data, string dataset, long step)
    {
        (IFrameSet frames, string name) = data.HeldBack is { } heldBack
            ? (heldBack, $"training frames of {dataset} that were held back")
            : (data.Frames, $"training frames of {dataset}");
        int[] chosen = DetectorEvaluation.Spread(frames.Count, MostFrames);
        Values[] values = NewValues(model.Points.Count);
        using var looks = new Disagreement(model, recipe);
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        foreach ((int number, int[] batch) in chosen.Chunk(FrameBlocks.Size).Index())
        {
            using var scope = NewDisposeScope();
            // Batches of one size, the last filled up, so that all convolutions are.
            int[] full = [.. batch, .. Enumerable.Repeat(batch[^1], FrameBlocks.Size - batch.Length)];
            byte[] bytes = FrameBlocks.Read(frames, full);
            (Tensor percent, Tensor confidence) =
                looks.Of(ImageTensors.FromBytes(bytes, full.Length, frames.Height, frames.Width, model.Device), number);
            float[] errors = DeviceReads.Singles(percent);
            float[] confidences = DeviceReads.Singles(confidence);
            for (int i = 0; i < batch.Length * values.Length; i++)
                values[i % values.Length].Add(confidences[i], errors[i]);
        }
        return Fit(values, model.Points, "unlabelled", name, chosen.Length) with { Step = step };
    }

    /// <summary>Measures a run anew, with its calibration, and replaces its <c>metrics.json</c>.</summary>
    /// <returns>The measurement on all test frames; null where the data set has no labels of them.</returns>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet.</exception>
    public static KeypointMetrics? MeasureAgain(RunFolder run, IDataset dataset, TrainingDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        using LabelledFrames? test = RecipeData.OpenTest(dataset);
        if (test is null)
            return null;
        using ITrainedModel model = TrainedModels.Open(run, device?.Device).Model;
        KeypointMetrics metrics = RunEvaluation.MeasureAll(run, model, test, TrainingData.OpenPrior(run.Recipe, dataset));
        AtomicFile.WriteAllText(run.MetricsPath, KeypointMetricsJson.ToJson(metrics));
        return metrics;
    }

    private static void RequireNamed(Recipe recipe)
    {
        if (!recipe.Method.NamesKeypoints)
        {
            throw new InvalidDataException(
                $"A run of method {recipe.Method} has landmarks without names, and a confidence is calibrated keypoint by "
                + $"keypoint. Calibrate a run of {TrainingMethod.KeypointGan}, {TrainingMethod.Distillation} or "
                + $"{TrainingMethod.Supervised}.");
        }
    }

    private static ConfidenceCalibration Fit(Values[] values, Skeleton skeleton, string source, string from, int frames)
    {
        if (Array.FindIndex(values, value => value.Spread.Count == 0) is int missing and >= 0)
        {
            throw new InvalidDataException(
                $"Keypoint '{skeleton.Keypoints[missing]}' is labelled in none of the frames, so its confidence cannot be "
                + "calibrated. Choose more frames or another split, or calibrate without labels.");
        }
        ConfidenceCurve[] curves =
            PlattScaling.Fit([.. values.Select(value => value.Spread.ToArray())], [.. values.Select(value => value.Right.ToArray())]);
        return new ConfidenceCalibration
        {
            Source = source,
            From = from,
            Frames = frames,
            Curves = skeleton.Keypoints.Zip(curves).ToDictionary(pair => pair.First, pair => pair.Second),
        };
    }

    private static Values[] NewValues(int count) => [.. Enumerable.Range(0, count).Select(_ => new Values([], []))];

    /// <summary>What is known of one keypoint.</summary>
    private sealed record Values(List<double> Spread, List<bool> Right)
    {
        public void Add(float confidence, double errorPercent)
        {
            Spread.Add(ConfidenceCalibrator.Spread(confidence));
            Right.Add(errorPercent <= ConfidenceQuality.WithinPercent);
        }
    }
}
