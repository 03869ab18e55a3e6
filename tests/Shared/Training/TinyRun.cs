using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Testing;

/// <summary>A run of a few steps on a few 32 px puppets.</summary>
internal static class TinyRun
{
    public static Recipe Recipe(int steps = 6, int pretraining = 4) => Presets.Cpu32 with
    {
        Name = "tiny",
        Data = new DataRecipe { Manifest = "data-manifests/puppets.yaml" },
        Networks = new NetworkRecipe
        {
            Width = 4,
            GeneratorWidth = 4,
            RegressorWidth = 4,
            Discriminator = new DiscriminatorRecipe { Width = 4, Layers = 2, Scales = 2 },
        },
        Pairs = new PairRecipe { MinDistance = 1, MaxDistance = 7 },
        Augmentation = new AugmentationRecipe { RotationDegrees = 5, Shift = 0.02, Scale = 0.05 },
        RegressorPretraining = new PretrainingRecipe { Steps = pretraining, Batch = 4, LearningRate = 1e-3, DecayFrom = 0.5 },
        Training = Presets.Cpu32.Training with { Steps = steps, Batch = 4, ImagePool = 6 },
        Evaluation = new EvaluationRecipe { Every = 0, Frames = 8 },
        Samples = new SampleRecipe { Every = 0, Rows = 1 },
        Checkpoints = new CheckpointRecipe { Every = 0 },
    };

    public static IDataset Puppets { get; } = new PuppetDataset(new PuppetOptions
    {
        Width = 32,
        Height = 32,
        TrainingVideos = 6,
        FramesPerVideo = 8,
        PriorVideos = 12,
        TestVideos = 3,
        TestFramesPerVideo = 4,
    });

    public static TrainingResult Train(RunFolder run, CancellationToken cancellation = default) =>
        new Trainer(run, Puppets, new SilentProgress()).Train(cancellation);

    /// <summary>Trains a run in a folder.</summary>
    /// <returns>The last line of its log.</returns>
    public static TrainingLogEntry Train(string folder, Recipe recipe)
    {
        using RunFolder run = RunFolder.Create(folder, recipe);
        return LastOf(run, Train(run));
    }

    /// <summary>The same, stopped after two steps of training and resumed.</summary>
    public static TrainingLogEntry TrainStopAndResume(string folder, Recipe recipe)
    {
        using (RunFolder stopped = RunFolder.Create(folder, recipe))
        using (var stop = new StopAfter(TrainingPhase.Training, 2))
            new Trainer(stopped, Puppets, stop).Train(stop.Token);
        using RunFolder resumed = RunFolder.Resume(folder, recipe);
        return LastOf(resumed, Train(resumed));
    }

    private static TrainingLogEntry LastOf(RunFolder run, TrainingResult result)
    {
        Assert.IsTrue(result.Finished);
        return TrainingLog.Read(run.LogPath)[^1];
    }

    /// <summary>Cancels once a phase has done some steps.</summary>
    public sealed class StopAfter(TrainingPhase phase, long steps) : ITrainingProgress
    {
        private readonly CancellationTokenSource source = new();
        private TrainingPhase current;

        public CancellationToken Token => source.Token;

        public void Begin(TrainingPhase now, long done, long total) => current = now;

        public void Report(in ProgressUpdate update)
        {
            if (current == phase && update.Step == steps)
                source.Cancel();
        }

        public void Note(string message)
        {
        }

        public void Dispose() => source.Dispose();
    }
}
