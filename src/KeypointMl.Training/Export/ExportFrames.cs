using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Puppets;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Export;

/// <summary>Real frames of a run's size: an export is compared with TorchSharp on them, and an 8-bit detector calibrated.</summary>
/// <param name="Frames">The frames; they belong to whoever opened them.</param>
/// <param name="Name">What they are, for the model's provenance.</param>
public sealed record ExportFrames(IFrameSet Frames, string Name)
{
    /// <summary>
    /// Whether they are frames that the run learnt from, or like them. Others do for a comparison and not for a
    /// calibration.
    /// </summary>
    public bool AreTypical { get; init; } = true;

    /// <summary>The run's own training frames or, where its data are not on this machine, synthetic puppets.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataRoot">
    /// The folder that data manifests' paths start from; null for the environment's (<see cref="DataRoot"/>).
    /// </param>
    public static ExportFrames Open(RunFolder run, string? dataRoot)
    {
        ArgumentNullException.ThrowIfNull(run);
        Recipe recipe = run.Recipe;
        try
        {
            IDataset dataset = RecipeData.Open(recipe, dataRoot);
            return recipe.Method.UsesLabels
                ? new ExportFrames(dataset.OpenLabelled("train").Frames, $"labelled training frames of {dataset.Name}")
                : OfTraining(dataset);
        }
        catch (IOException)
        {
            IDataset puppets = new PuppetDataset(new PuppetOptions { Width = recipe.Size, Height = recipe.Size });
            return new ExportFrames(puppets.OpenTrainingFrames(), "synthetic puppets, since the run's own data are not on this machine")
            {
                AreTypical = false,
            };
        }
    }

    /// <summary>The training frames of a data set.</summary>
    public static ExportFrames OfTraining(IDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new ExportFrames(dataset.OpenTrainingFrames(), $"training frames of {dataset.Name}");
    }

    /// <summary>[N,H,W,3] bytes of so many frames, spread evenly.</summary>
    internal byte[] Read(int count) => FrameBlocks.Read(Frames, Spread(count));

    /// <summary>So many indices, spread evenly; one may come twice where there are fewer frames.</summary>
    internal int[] Spread(int count) => [.. Enumerable.Range(0, count).Select(i => (int)((long)i * Frames.Count / count))];
}
