using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Puppets;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers;

/// <summary>
/// Reader <c>puppets</c>: the synthetic puppets, at the size and with the seed that are asked for. It needs no files,
/// and brings its own skeleton, splits, prior and protocol.
/// </summary>
internal sealed class PuppetsReader : DatasetReader
{
    private readonly PuppetOptions settings;

    private PuppetsReader(PuppetOptions settings) => this.settings = settings;

    /// <inheritdoc/>
    public override Skeleton OwnSkeleton => PuppetDataset.Skeleton;

    /// <inheritdoc/>
    public override MetricProtocol OwnProtocol =>
        new(null, "synthetic puppets, mean distance of the keypoints in percent of the image's size");

    internal static PuppetsReader Parse(YamlSection section, YamlValue? splits)
    {
        splits?.Complain("the reader 'puppets' has its own splits; leave the key out");
        var defaults = new PuppetOptions();
        var settings = new PuppetOptions
        {
            TrainingVideos = section.Optional("training_videos")?.AsInt32(1) ?? defaults.TrainingVideos,
            FramesPerVideo = section.Optional("frames_per_video")?.AsInt32(1) ?? defaults.FramesPerVideo,
            PriorVideos = section.Optional("prior_videos")?.AsInt32(1) ?? defaults.PriorVideos,
            PriorPosesPerVideo = section.Optional("prior_poses_per_video")?.AsInt32(1) ?? defaults.PriorPosesPerVideo,
            TestVideos = section.Optional("test_videos")?.AsInt32(1) ?? defaults.TestVideos,
            TestFramesPerVideo = section.Optional("test_frames_per_video")?.AsInt32(1) ?? defaults.TestFramesPerVideo,
            FullTurn = section.Optional("full_turn")?.AsBoolean() ?? defaults.FullTurn,
            Clutter = section.Optional("clutter")?.AsBoolean() ?? defaults.Clutter,
        };
        section.RejectUnknownKeys();
        return new PuppetsReader(settings);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Another training split than <c>train</c> is asked for, or the size is too small.</exception>
    public override IDataset Open(DataManifest manifest, DatasetOptions options)
    {
        if (options.TrainingSplit != "train")
        {
            throw new ArgumentException(
                $"The puppets are trained on the split 'train', not on '{options.TrainingSplit}'.", nameof(options));
        }
        return new PuppetDataset(settings with
        {
            Width = options.Width,
            Height = options.Height,
            Seed = options.Seed,
            CacheBytes = Math.Min(options.MemoryBytes, settings.CacheBytes),
        });
    }
}
