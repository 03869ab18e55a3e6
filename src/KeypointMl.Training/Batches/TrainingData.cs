using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Recipes;
using static TorchSharp.torch;

namespace KeypointMl.Training.Batches;

/// <summary>
/// What a run reads: frames, prior, test labels for evaluation, and other labels: those that the supervised baseline
/// trains on, and those that name the landmarks of imm when it is evaluated.
/// </summary>
public sealed record TrainingData(IFrameSet Frames, PosePrior Prior, LabelledFrames? Test, LabelledFrames? Labels) : IDisposable
{
    /// <summary>
    /// Training frames that training never sees, for the calibration of confidences; null where the recipe holds none
    /// back.
    /// </summary>
    public IFrameSet? HeldBack { get; init; }

    /// <summary>What training without labels reads.</summary>
    /// <param name="recipe">Of the run.</param>
    /// <param name="dataset">Its data.</param>
    public static TrainingData WithoutLabels(Recipe recipe, IDataset dataset)
    {
        PosePrior prior = OpenPrior(recipe, dataset);
        LabelledFrames? test = RecipeData.OpenTest(dataset);
        return new TrainingData(dataset.OpenTrainingFrames(), prior, test, null);
    }

    /// <summary>What training with labels reads: the labelled frames of split <c>train</c>.</summary>
    /// <param name="recipe">Of the run.</param>
    /// <param name="dataset">Its data.</param>
    public static TrainingData WithLabels(Recipe recipe, IDataset dataset)
    {
        PosePrior prior = OpenPrior(recipe, dataset);
        LabelledFrames? test = RecipeData.OpenTest(dataset);
        LabelledFrames labels = dataset.OpenLabelled("train");
        return new TrainingData(labels.Frames, prior, test, labels);
    }

    /// <summary>The same with a share of the frames held back.</summary>
    /// <param name="share">0 for none.</param>
    public TrainingData HoldingBack(double share)
    {
        if (share == 0)
            return this;
        (FrameSubset kept, FrameSubset heldBack) = FrameSubset.Split(Frames, share);
        return this with { Frames = kept, HeldBack = heldBack.Count > 0 ? heldBack : null };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        Test?.Dispose();
        if (Labels is not null && Labels.Frames != Frames)
            Labels.Dispose();
    }

    /// <summary>The prior that a recipe learns from: as many of its poses as it says.</summary>
    internal static PosePrior OpenPrior(Recipe recipe, IDataset dataset)
    {
        PosePrior prior = dataset.OpenPrior();
        return recipe.Prior.Poses is { } poses ? prior.Sample(poses, recipe.Seed) : prior;
    }
}

/// <summary>What one step of KeypointGAN sees. Images [N,3,H,W] in [−1,1].</summary>
/// <param name="Image">x.</param>
/// <param name="Style">x′: another frame of x's video, or another warp of x.</param>
/// <param name="PriorPoses">p̄ [M,K,2] in [−1,1]: unpaired sample poses.</param>
/// <param name="SecondView">Another affine view of x's frame for the equivariance loss, or null.</param>
public sealed record TrainingBatch(Tensor Image, Tensor Style, Tensor PriorPoses, SecondView? SecondView);

/// <summary>A second affine view of the frame behind x.</summary>
/// <param name="Image">The view [N,3,H,W].</param>
/// <param name="FirstWarp">The warp [N,2,3] that made x from the frame (<see cref="AffineWarp"/>).</param>
/// <param name="SecondWarp">The warp [N,2,3] that made <paramref name="Image"/> from the frame.</param>
public sealed record SecondView(Tensor Image, Tensor FirstWarp, Tensor SecondWarp);
