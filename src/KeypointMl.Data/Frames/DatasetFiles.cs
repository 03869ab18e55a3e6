namespace KeypointMl.Data.Frames;

/// <summary>The files that a data set's frames come from.</summary>
internal static class DatasetFiles
{
    /// <summary>The paths of those of the training frames and of every labelled split, while they are asked for; a path may be there more
    /// than once.</summary>
    /// <param name="dataset">The data set; one that draws its frames itself has no files.</param>
    /// <param name="withTraining">Whether it has training frames.</param>
    internal static IEnumerable<string> Of(IDataset dataset, bool withTraining)
    {
        if (withTraining)
        {
            using IFrameSet training = dataset.OpenTrainingFrames();
            foreach (string file in Of(training))
                yield return file;
        }
        foreach (string split in dataset.LabelledSplits)
        {
            using LabelledFrames labelled = dataset.OpenLabelled(split);
            foreach (string file in Of(labelled.Frames))
                yield return file;
        }
    }

    private static IEnumerable<string> Of(IFrameSet frames) => (frames as ISourceFiles)?.SourceFiles ?? [];
}
