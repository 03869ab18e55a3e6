using KeypointMl.Data;

namespace KeypointMl.Training;

/// <summary>What a run reads: frames, prior, test labels for evaluation, and (for the supervised baseline alone) training labels.</summary>
internal sealed record TrainingData(IFrameSet Frames, PosePrior Prior, LabelledFrames? Test, LabelledFrames? Labels) : IDisposable
{
    public static TrainingData Open(Recipe recipe, IDataset dataset)
    {
        LabelledFrames? test = dataset.LabelledSplits.Contains("test") ? dataset.OpenLabelled("test") : null;
        if (recipe.Method == TrainingMethod.Supervised)
        {
            LabelledFrames labels = dataset.OpenLabelled("train");
            return new TrainingData(labels.Frames, dataset.OpenPrior(), test, labels);
        }
        return new TrainingData(dataset.OpenTrainingFrames(), dataset.OpenPrior(), test, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        Test?.Dispose();
    }
}
