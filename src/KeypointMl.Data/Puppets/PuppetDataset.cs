using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Puppets.Body;
using KeypointMl.Data.Puppets.Motion;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Puppets;

/// <summary>
/// Synthetic people in short videos, generated from a seed: a data set for quickstarts, tests and experiments that
/// needs no download. Training videos, prior and test videos show different people who move differently.
/// </summary>
public sealed class PuppetDataset : IDataset
{
    private readonly PuppetOptions options;

    /// <summary>Checks the options; nothing is rendered yet.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all that are.</exception>
    public PuppetDataset(PuppetOptions options)
    {
        options.Validate();
        this.options = options;
    }

    /// <summary>
    /// The 15 keypoints of a puppet, from head to ankles. Left and right are the person's own: facing the camera, its
    /// right hand is on the image's left.
    /// </summary>
    public static Skeleton Skeleton => PuppetSkeleton.Instance;

    /// <inheritdoc/>
    public string Name => "puppets";

    Skeleton IDataset.Skeleton => Skeleton;

    /// <inheritdoc/>
    public IReadOnlyList<string> LabelledSplits => ["train", "test"];

    /// <inheritdoc/>
    public IFrameSet OpenTrainingFrames() => OpenFrames(PuppetSplit.Train);

    /// <inheritdoc/>
    public PosePrior OpenPrior()
    {
        const int span = 3 * PuppetScene.FramesPerSecond;
        var poses = new List<Vector2[]>(options.PriorVideos * options.PriorPosesPerVideo);
        for (int video = 0; video < options.PriorVideos; video++)
        {
            PuppetScene scene = CreateScene(PuppetSplit.Prior, video, span);
            for (int i = 0; i < options.PriorPosesPerVideo; i++)
                poses.Add(scene.GetPose((int)((i + 0.5f) * span / options.PriorPosesPerVideo), options.Width, options.Height));
        }
        return new PosePrior(Skeleton, poses, options.Width, options.Height, $"puppets, seed {options.Seed}, {options.PriorVideos} videos");
    }

    /// <inheritdoc/>
    /// <remarks>The labels are exact and include occluded keypoints.</remarks>
    public LabelledFrames OpenLabelled(string split)
    {
        PuppetFrameSet frames = split switch
        {
            "test" => OpenFrames(PuppetSplit.Test),
            "train" => OpenFrames(PuppetSplit.Train),
            _ => throw new ArgumentException($"The puppets have labels of the splits 'test' and 'train', not of '{split}'.", nameof(split)),
        };
        var protocol = new MetricProtocol(null,
            $"synthetic puppets, {split} split, {options.Width}×{options.Height}: "
            + $"mean distance of {Skeleton.Count} keypoints in percent of the image size");
        return new LabelledFrames(Skeleton, frames, frames.ComputePoses(), protocol);
    }

    /// <summary>The videos of a split take turns, so that every action is equally frequent.</summary>
    internal static PuppetAction ActionOf(int video) => (PuppetAction)(video % ((int)PuppetAction.Dance + 1));

    private PuppetFrameSet OpenFrames(PuppetSplit split)
    {
        (int videos, int length) = split == PuppetSplit.Test
            ? (options.TestVideos, options.TestFramesPerVideo)
            : (options.TrainingVideos, options.FramesPerVideo);
        return new PuppetFrameSet(split, videos, length, options, video => CreateScene(split, video, length));
    }

    private PuppetScene CreateScene(PuppetSplit split, int video, int length) =>
        new(options.Seed, ((ulong)split << 32) + (uint)video, ActionOf(video), length, options.FullTurn, options.Clutter);
}
