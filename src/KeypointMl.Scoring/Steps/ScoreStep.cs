using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>Something that is done with the keypoints after the detector, as it is declared: <see cref="MedianSmoothing"/>, <see cref="OneEuroSmoothing"/>, <see cref="ConfidenceThreshold"/>, <see cref="Normalization"/>.</summary>
public abstract record ScoreStep
{
    /// <summary>Whether a row's result depends on other frames of its video: a video is then never divided among shards, and still images cannot be scored.</summary>
    public virtual bool IsOverTime => false;

    /// <summary>Begins the work on a sequence of rows.</summary>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <exception cref="InvalidDataException">The step names a keypoint that the skeleton does not have.</exception>
    internal abstract IRowStep Start(Skeleton skeleton);
}
