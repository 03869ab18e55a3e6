namespace KeypointMl.TrainingStep;

/// <summary>A run of the <see cref="Trainer"/> that ends as soon as enough of its steps are timed.</summary>
internal static class TimedRun
{
    // Far more than are timed: a run's end would evaluate and draw. And nothing but steps in between.
    private static readonly string[] StepsOnly =
    [
        "training.steps=1000000", "evaluation.every=0", "evaluation.frames=1", "samples.every=0", "checkpoints.every=0",
    ];
    private static readonly string[] Buffers = [".running_mean", ".running_var", ".num_batches_tracked"];

    /// <summary>Trains in a temporary folder.</summary>
    /// <param name="recipeFile">The recipe.</param>
    /// <param name="overrides">What is changed in it, as <c>key=value</c>.</param>
    /// <param name="phase">Which steps are timed.</param>
    /// <param name="warmup">How many of them go before.</param>
    /// <param name="steps">How many are timed.</param>
    /// <exception cref="RecipeException">The recipe, or a change of it, is wrong.</exception>
    public static StepTimes Measure(string recipeFile, IEnumerable<string> overrides, TrainingPhase phase, int warmup, int steps)
    {
        string pretraining = $"regressor_pretraining.steps={(phase == TrainingPhase.RegressorPretraining ? 1_000_000 : 0)}";
        Recipe recipe = Recipe.Load(ShippedFiles.Find(recipeFile), [.. StepsOnly, pretraining, .. overrides]);
        string folder = Path.Combine(Path.GetTempPath(), $"keypointml-{Guid.NewGuid():N}");
        try
        {
            using RunFolder run = RunFolder.Create(folder, recipe);
            using var clock = new StepClock(phase, warmup, steps);
            new Trainer(run, RecipeData.Open(recipe, dataRoot: null), clock).Train(clock.Enough);
            return new StepTimes
            {
                Phase = phase == TrainingPhase.Training ? "training" : "pretraining",
                Batch = phase == TrainingPhase.Training ? recipe.Training.Batch : recipe.RegressorPretraining.Batch,
                Size = recipe.Size,
                Parameters = CountParameters(run.Checkpoints.List()[0].Path),
                Seconds = clock.Seconds,
            };
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>By network, from the checkpoint that a stopped run leaves: its names outlive the classes that they came from.</summary>
    private static SortedDictionary<string, long> CountParameters(string checkpoint)
    {
        IEnumerable<SafetensorsTensor> tensors = SafetensorsFile.Read(checkpoint).Tensors;
        return new SortedDictionary<string, long>(new[] { "phi", "eta", "psi", "d" }.ToDictionary(network => network, network => tensors
            .Where(tensor => tensor.Name.StartsWith(network + ".", StringComparison.Ordinal)
                && !Buffers.Any(buffer => tensor.Name.EndsWith(buffer, StringComparison.Ordinal)))
            .Sum(tensor => tensor.Shape.Aggregate(1L, (product, length) => product * length))));
    }
}
