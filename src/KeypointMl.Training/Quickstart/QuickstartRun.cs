using System.Diagnostics;
using System.Globalization;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Export;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Quickstart;

/// <summary>
/// The whole of the product in minutes and without data: puppets → train → export → measure the exported graph → report,
/// beside a supervised run of the same networks and number of steps.
/// </summary>
/// <param name="options">Where, how long, which seed.</param>
/// <param name="progress">Told about every step.</param>
/// <param name="output">Receives the table of results.</param>
internal sealed class QuickstartRun(QuickstartOptions options, ITrainingProgress progress, TextWriter output)
{
    private const int CalibrationSteps = 8;

    /// <summary>Fewer steps teach too little to show; a machine too slow for them in the time takes longer.</summary>
    private const int MinimumSteps = 260;

    /// <summary>Runs all of it.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    /// <exception cref="IOException">The output folder already holds a run, or cannot be written.</exception>
    public QuickstartResult Run(CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Minutes, 0.5);
        // Before minutes of training, at whose end the second folder would be found in use.
        foreach (string name in (string[])["run", "supervised"])
            RunFolder.RequireEmpty(Path.Combine(options.OutputFolder, name));
        Recipe recipe = Budget(BaseRecipe(), cancellation);
        progress.Note(string.Create(CultureInfo.InvariantCulture,
            $"{recipe.Training.Steps} steps of each run fit into about {options.Minutes:0.#} minutes on this machine."));
        IDataset dataset = RecipeData.Open(recipe, dataRoot: null, cancellation);
        using LabelledFrames test = dataset.OpenLabelled("test");
        PosePrior prior = dataset.OpenPrior();

        KeypointMetrics ours =
            TrainAndMeasure(recipe, Path.Combine(options.OutputFolder, "run"), options.OutputFolder, dataset, test, prior, cancellation);
        KeypointMetrics supervised = TrainAndMeasure(
            recipe with
            {
                Name = "puppets, supervised",
                Method = TrainingMethod.Supervised,
            }, Path.Combine(options.OutputFolder, "supervised"), null, dataset, test, prior, cancellation);

        using RunFolder run = RunFolder.Open(Path.Combine(options.OutputFolder, "run"));
        string report = Path.Combine(options.OutputFolder, "report.html");
        ReportWriter.Write(RunReport.Collect(run,
            results: [new ReportResult("Supervised", supervised.ErrorPercentOfImage, supervised.NmePercent,
                "the same networks and steps, trained with labels")]), report);
        Print(ours, supervised);
        return new QuickstartResult(recipe.Training.Steps, ours, supervised, report);
    }

    /// <summary>
    /// The puppets' recipe with a shorter pre-training of η, and learning rates that fall late: a few hundred steps are
    /// still the steep part of the curve.
    /// </summary>
    private Recipe BaseRecipe() => Recipe.Load(
        ShippedFiles.Find("pipelines/train/puppets.yaml"),
        [FormattableString.Invariant($"seed={options.Seed}"), "regressor_pretraining.steps=700", "training.decay_from=0.85",
            "checkpoints.every=0"]);

    /// <summary>Times a few steps and chooses as many as fit.</summary>
    private Recipe Budget(Recipe recipe, CancellationToken cancellation)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"keypointml-{Guid.NewGuid():N}");
        try
        {
            double joint = SecondsPerStep(recipe, folder + "-a", cancellation);
            double supervised = SecondsPerStep(recipe with { Method = TrainingMethod.Supervised }, folder + "-b", cancellation);
            double pretraining = recipe.RegressorPretraining.Steps * PretrainingShare * joint;
            int steps = (int)Math.Clamp((60 * options.Minutes - pretraining) / (joint + supervised), MinimumSteps, 20_000);
            int every = Math.Max(1, steps / 5);
            return recipe with
            {
                Training = recipe.Training with { Steps = steps },
                Evaluation = recipe.Evaluation with { Every = every },
                Samples = recipe.Samples with { Every = every },
            };
        }
        finally
        {
            foreach (string used in new[] { folder + "-a", folder + "-b" }.Where(Directory.Exists))
                Directory.Delete(used, recursive: true);
        }
    }

    /// <summary>A pre-training step costs about this fraction of a joint step.</summary>
    private const double PretrainingShare = 0.2;

    private static double SecondsPerStep(Recipe recipe, string folder, CancellationToken cancellation)
    {
        Recipe brief = recipe with
        {
            RegressorPretraining = recipe.RegressorPretraining with { Steps = 0 },
            Training = recipe.Training with { Steps = CalibrationSteps },
            Evaluation = recipe.Evaluation with { Every = 0, Frames = 1 },
        };
        IDataset dataset = RecipeData.Open(brief, dataRoot: null, cancellation);
        using RunFolder run = RunFolder.Create(folder, brief);
        using var pace = new StepTimer();
        TrainingResult result = new Trainer(run, dataset, pace).Train(cancellation);
        cancellation.ThrowIfCancellationRequested();
        // On a GPU a step returns before it is computed; the last one waits for all.
        return (result.Device.ReadsEveryStep ? pace.FastestStep : pace.MeanStep).TotalSeconds;
    }

    private KeypointMetrics TrainAndMeasure(
        Recipe recipe, string runFolder, string? modelFolder, IDataset dataset, LabelledFrames test, PosePrior prior,
        CancellationToken cancellation)
    {
        using RunFolder run = RunFolder.Create(runFolder, recipe);
        TrainingResult result = new Trainer(run, dataset, progress).Train(cancellation);
        if (!result.Finished)
            throw new OperationCanceledException($"Stopped; what was trained so far is in {run.Path}.", cancellation);
        using ModelExporter exporter = ModelExporter.Open(run);
        var frames = ExportFrames.OfTraining(dataset);
        using IFrameSet opened = frames.Frames;
        string detector = Path.Combine(modelFolder ?? runFolder, "detector.onnx");
        exporter.ExportDetector(detector, frames);
        if (modelFolder is not null)
            exporter.ExportGenerator(Path.Combine(modelFolder, "generator.onnx"), frames);
        KeypointMetrics metrics = ExportedDetectorEvaluation.Measure(detector, test, prior);
        // What the exported detector cannot be asked for: the bottleneck is η's alone.
        if (result.Metrics!.Baselines.GetValueOrDefault("bottleneck") is { } bottleneck)
            metrics = metrics.WithBaseline("bottleneck", bottleneck);
        AtomicFile.WriteAllText(run.MetricsPath, KeypointMetricsJson.ToJson(metrics));
        return metrics;
    }

    private void Print(KeypointMetrics ours, KeypointMetrics supervised)
    {
        double mean = ours.Baselines["mean_pose"].ErrorPercentOfImage;
        output.WriteLine();
        output.WriteLine($"Test error of the exported detector: {ours.Protocol}");
        Line("KeypointGAN, no labels", ours.ErrorPercentOfImage);
        Line("supervised, same networks and steps", supervised.ErrorPercentOfImage);
        Line("mean prior pose", mean);
        Line("random prior pose", ours.Baselines["random_prior_pose"].ErrorPercentOfImage);

        void Line(string name,
            double error) => output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"  {name,-38} {error,6:F2} %   {error / mean:F2}× the mean pose"));
    }

    /// <summary>Remembers the fastest step, and the mean of all after the first, which loads and tunes kernels.</summary>
    private sealed class StepTimer : ITrainingProgress
    {
        private readonly Stopwatch clock = new();
        private readonly Stopwatch afterFirst = new();
        private int steps;
        private TimeSpan total;

        public TimeSpan FastestStep { get; private set; } = TimeSpan.MaxValue;

        public TimeSpan MeanStep => total / Math.Max(1, steps - 1);

        public void Begin(TrainingPhase phase, long done, long steps) => clock.Restart();

        public void Report(in ProgressUpdate update)
        {
            if (clock.Elapsed < FastestStep)
                FastestStep = clock.Elapsed;
            afterFirst.Start();
            (steps, total) = (steps + 1, afterFirst.Elapsed);
            clock.Restart();
        }

        public void Note(string message) => clock.Restart();

        public void Dispose() => clock.Stop();
    }
}

/// <summary>What <see cref="QuickstartRun"/> is asked for.</summary>
internal sealed record QuickstartOptions
{
    /// <summary>Where everything is written; must not hold a run already.</summary>
    public string OutputFolder { get; init; } = "quickstart";

    /// <summary>Roughly how long the training of both runs may take together, in minutes; at least 0.5.</summary>
    public double Minutes { get; init; } = 6.5;

    /// <summary>Seed of the puppets and of training.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What <see cref="QuickstartRun"/> measured, on the test split of the puppets, with the exported detector.</summary>
/// <param name="Steps">Training steps of each of the two runs.</param>
/// <param name="SelfSupervised">The exported detector that never saw a label.</param>
/// <param name="Supervised">The exported detector of the same networks and steps, trained on labels.</param>
/// <param name="ReportPath">The report.</param>
internal sealed record QuickstartResult(int Steps, KeypointMetrics SelfSupervised, KeypointMetrics Supervised, string ReportPath);
