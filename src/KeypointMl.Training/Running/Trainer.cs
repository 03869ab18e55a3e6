using System.Collections.Immutable;
using System.Diagnostics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Running;

/// <summary>Runs a recipe into a run folder: phases, log, evaluation, samples, checkpoints.</summary>
/// <param name="run">The run folder; its recipe is followed.</param>
/// <param name="dataset">The opened data set, at the recipe's size.</param>
/// <param name="progress">Told about every step.</param>
/// <param name="device">Where to train; null: where the recipe says (<c>training.device</c>).</param>
public sealed class Trainer(RunFolder run, IDataset dataset, ITrainingProgress progress, TrainingDevice? device = null)
{
    private const int LogEvery = 10;
    private Recipe recipe = run.Recipe;
    private readonly Stopwatch clock = new();
    private double secondsBefore;
    private TrainingEnvironment? environment;

    /// <summary>
    /// What <see cref="TrainingMethods.OpenData"/> read already, so that frames are not decoded twice; the caller disposes it.
    /// Null: it is read when training begins.
    /// </summary>
    public TrainingData? Data { get; init; }

    /// <summary>Trains to the end of the recipe, from <see cref="RunFolder.Start"/> where the run has a checkpoint, with the
    /// run's number of threads.</summary>
    /// <param name="cancellation">Asks training to write a checkpoint and stop.</param>
    /// <returns>
    /// How it ended, and the evaluation on all test frames where the data set has labels of them; it is written to
    /// <c>metrics.json</c> too.
    /// </returns>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite; the last checkpoint is good.</exception>
    /// <exception cref="InvalidDataException">Data or a checkpoint do not fit the recipe, or a checkpoint or the log is
    /// damaged; the message says what can be gone on from.</exception>
    /// <exception cref="IOException">The run's folder cannot be written.</exception>
    /// <exception cref="NumericsException">libtorch computes the run's convolutions wrong on this processor.</exception>
    /// <exception cref="NotSupportedException">The recipe asks for a GPU that is not available.</exception>
    public TrainingResult Train(CancellationToken cancellation = default)
    {
        TrainingDevice used = device ?? TrainingDevice.Open(recipe.Training.Device);
        progress.Note(used.Note);
        using var kept = KeptMemory.Begin();
        using var place = new TrainingPlace(used);
        using ITrainedModel model = TrainedModels.Create(recipe, dataset.Skeleton, place.Device);
        CheckpointFile? start = run.Start;
        if (start is null && recipe.Training.InitialiseFrom is not null)
            Initialisation.Load(recipe, model, dataset.Skeleton);
        using CheckpointScope restored = new(start, model);
        using TrainingLog log = RunStart.OpenLog(run, start, restored, goesOn: !IsLast(start), progress.Note);
        secondsBefore = log.Kept.LastOrDefault()?.Seconds ?? 0;
        using var threads = RunThreads.Begin(run, log.LastEnvironment?.Threads, progress.Note);
        recipe = run.Recipe;
        using TrainingData? opened = Data is null ? TrainingMethods.OpenData(recipe, dataset) : null;
        TrainingData data = Data ?? opened!;
        TrainingChecks.Require(recipe, dataset, data, begins: start is null);
        clock.Start();
        NumericsReport numerics = NumericsCheck.Run(recipe, dataset.Skeleton, data, used);
        progress.Note(numerics.ToString());
        var now = TrainingEnvironment.Of(numerics, used);
        // Said again only where it is another one: a log that was gone on with is as one that never was interrupted.
        environment = now == log.LastEnvironment ? null : now;
        foreach (ITrainingPhase phase in TrainingMethods.Of(recipe).CreatePhases(recipe, model, data, place))
        {
            using (phase)
            {
                if (start is not null && phase.Phase < start.Phase)
                    continue;
                long first = start?.Phase == phase.Phase ? start.Step : 0;
                if (first > 0)
                    restored.RestorePhase(phase);
                if (!RunPhase(phase, first, first > 0 ? restored : null, model, data, log, place, cancellation))
                    return new TrainingResult(false, phase.Phase, null, null, Elapsed) { Device = used };
                if (phase.Finish() is { } told)
                    progress.Note(told);
            }
        }
        // A finished run that is resumed keeps what labels say of its confidence.
        if (model.PointsAreKeypoints && !(IsLast(start) && File.Exists(run.ConfidencePath)))
            ConfidenceCalibrating.WithoutLabels(model, recipe, data, dataset.Name, recipe.Training.Steps).Save(run);
        // Before the post-processing, which may find too few labels: what was trained for hours is measured first.
        KeypointMetrics? metrics = model.PointsAreKeypoints ? Write(Evaluate(model, data, all: true)) : null;
        PostprocessingResult? postprocessed = recipe.Postprocessing.Enabled
            ? RunPostprocessing.Run(run, dataset, model, data.Test, data.Prior, recipe.Postprocessing, recipe.Training.Steps)
            : null;
        if (!model.PointsAreKeypoints)
            metrics = Write(postprocessed!.Metrics);
        return new TrainingResult(true, TrainingPhase.Training, metrics, postprocessed, Elapsed) { Device = used };
    }

    private KeypointMetrics? Write(KeypointMetrics? metrics)
    {
        if (metrics is not null)
            AtomicFile.WriteAllText(run.MetricsPath, KeypointMetricsJson.ToJson(metrics));
        return metrics;
    }

    private bool IsLast(CheckpointFile? file) => file is { Phase: TrainingPhase.Training } && file.Step >= recipe.Training.Steps;

    private TimeSpan Elapsed => TimeSpan.FromSeconds(secondsBefore) + clock.Elapsed;

    /// <returns>False if it was asked to stop.</returns>
    private bool RunPhase(
        ITrainingPhase phase, long first, CheckpointScope? restored, ITrainedModel model, TrainingData data, TrainingLog log,
        TrainingPlace place, CancellationToken cancellation)
    {
        var tensorBoard = new TensorBoardLog(run.TensorBoardPath);
        using PrefetchingLoader? loader = TrainingMethods.Loader(recipe, phase, data, first);
        progress.Begin(phase.Phase, first, phase.Steps);
        using var averages = new LossAverages(place.ReadsEveryStep);
        restored?.RestoreAverages(averages);
        for (long step = first; step < phase.Steps; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                WriteCheckpoint(phase, step, model, averages, place);
                return false;
            }
            using (CollectionFreeRegion.Begin())
            using (NewDisposeScope())
            {
                using FrameBatch? frames = Between(step, () => loader?.Next(CancellationToken.None));
                averages.Add(phase.Step(frames, step));
                if (IsShown(phase, step + 1))
                {
                    place.Watch.Read();
                    averages.Read();
                }
                progress.Report(new ProgressUpdate(step + 1, phase.FramesPerStep, averages.Latest));
            }
            averages.Pause();
            using (NewDisposeScope())
                Between(step + 1, () => AfterStep(phase, step + 1, model, data, log, tensorBoard, averages, place));
            averages.GoOn();
        }
        return true;

        // Between two steps the networks are whole: what fails there, a frame or an evaluation, costs none of them.
        T Between<T>(long done, Func<T> work)
        {
            try
            {
                return work();
            }
            catch (Exception error) when (error is not TrainingDivergedException && done > first)
            {
                try
                {
                    WriteCheckpoint(phase, done, model, averages, place);
                }
                catch (Exception other)
                {
                    progress.Note($"What was trained since the last checkpoint could not be kept: {other.Message}");
                }
                throw;
            }
        }
    }

    private bool AfterStep(
        ITrainingPhase phase,
        long done,
        ITrainedModel model,
        TrainingData data,
        TrainingLog log,
        TensorBoardLog tensorBoard,
        LossAverages averages,
        TrainingPlace place)
    {
        bool last = done == phase.Steps;
        bool evaluate = phase.TrainsDetector && (last || Due(recipe.Evaluation.Every, done));
        if (evaluate || last || Due(LogEvery, done))
        {
            KeypointMetrics? metrics = evaluate ? Evaluate(model, data, all: false) : null;
            var entry = new TrainingLogEntry
            {
                Phase = phase.Phase,
                Step = done,
                Seconds = Elapsed.TotalSeconds,
                ImagesPerSecond = phase.FramesPerStep > 0 ? averages.StepsPerSecond * phase.FramesPerStep : null,
                Losses = averages.TakeMeans(),
                Evaluation = metrics is null ? ImmutableSortedDictionary<string, double>.Empty : RunEvaluation.Summary(metrics),
                Environment = environment,
            };
            environment = null; // said once, in the first line of a start or resume
            log.Append(entry);
            tensorBoard.Add(entry);
            if (metrics is not null)
            {
                string error = FormattableString.Invariant($"step {done:N0}: error {metrics.ErrorPercentOfImage:F2} % of the image");
                string pck = FormattableString.Invariant($"PCK@0.1 {metrics.Pck["0.1"]:F3}");
                progress.Note($"{error} on {metrics.Frames} test frames of {dataset.Name} (averaged weights), {pck}");
            }
        }
        if (phase.TrainsDetector && (last || Due(recipe.Samples.Every, done)))
        {
            string path = run.SamplePath(done, phase.Phase);
            SamplePictures.Write(model, data.Frames, recipe, path);
            tensorBoard.AddPicture("samples", path, done);
        }
        if (last || Due(recipe.Checkpoints.Every, done))
            WriteCheckpoint(phase, done, model, averages, place);
        return last;
    }

    /// <summary>Whether anything of a step is written or drawn: where reading is not free, only then numbers are read.</summary>
    private bool IsShown(ITrainingPhase phase, long done) => done == phase.Steps || Due(LogEvery, done)
        || Due(recipe.Checkpoints.Every, done)
        || (phase.TrainsDetector && (Due(recipe.Evaluation.Every, done) || Due(recipe.Samples.Every, done)));

    private static bool Due(int every, long done) => every > 0 && done % every == 0;

    private void WriteCheckpoint(ITrainingPhase phase, long step, ITrainedModel model, LossAverages averages, TrainingPlace place)
    {
        place.Watch.Read(); // a checkpoint is always good
        using var scope = NewDisposeScope();
        TrainingCheckpoint.Write(run, recipe, dataset.Skeleton, model, phase, step, averages);
    }

    private KeypointMetrics? Evaluate(ITrainedModel model, TrainingData data, bool all)
    {
        if (data.Test is null)
            return null;
        if (!model.PointsAreKeypoints)
            return RunPostprocessing.Measure(model, data.Labels!, data.Test, data.Prior, recipe);
        return all
            ? RunEvaluation.MeasureAll(run, model, data.Test, data.Prior)
            : RunEvaluation.Measure(model, data.Test, data.Prior, recipe.Evaluation.Frames);
    }
}
