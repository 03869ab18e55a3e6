using KeypointMl.Data;

namespace KeypointMl.Training;

/// <summary>
/// What a run reads: frames, prior, test labels for evaluation, and other labels: those that the supervised baseline trains on, and those that name the landmarks of imm when it is
/// evaluated.
/// </summary>
internal sealed record TrainingData(IFrameSet Frames, PosePrior Prior, LabelledFrames? Test, LabelledFrames? Labels) : IDisposable
{
    /// <summary>Training frames that training never sees, for the calibration of confidences; null where the recipe holds none back.</summary>
    public IFrameSet? HeldBack { get; init; }

    public static TrainingData Open(Recipe recipe, IDataset dataset)
    {
        PosePrior prior = dataset.OpenPrior();
        if (recipe.Prior.Poses is { } poses)
            prior = prior.Sample(poses, recipe.Seed);
        LabelledFrames? test = RecipeData.OpenTest(dataset);
        if (recipe.Method == TrainingMethod.Supervised)
        {
            LabelledFrames labels = dataset.OpenLabelled("train");
            return new TrainingData(labels.Frames, prior, test, labels);
        }
        LabelledFrames? naming = recipe.Method == TrainingMethod.Imm ? dataset.OpenLabelled(recipe.Postprocessing.Split) : null;
        IFrameSet frames = dataset.OpenTrainingFrames();
        if (recipe.Method != TrainingMethod.Distillation || recipe.Student.HeldBack == 0)
            return new TrainingData(frames, prior, test, naming);
        (FrameSubset kept, FrameSubset heldBack) = FrameSubset.Split(frames, recipe.Student.HeldBack);
        return new TrainingData(kept, prior, test, naming) { HeldBack = heldBack.Count > 0 ? heldBack : null };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        Test?.Dispose();
        if (Labels is not null && Labels.Frames != Frames)
            Labels.Dispose();
    }
}
