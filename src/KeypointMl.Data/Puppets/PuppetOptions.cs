namespace KeypointMl.Data.Puppets;

/// <summary>What a <see cref="PuppetDataset"/> contains. Equal options give equal frames, labels and prior.</summary>
public sealed record PuppetOptions
{
    /// <summary>Seed of everything: identities, motions, scenes. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Width of every frame in pixels, at least 16. Default 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Height of every frame in pixels, at least 16. Default 64.</summary>
    public int Height { get; init; } = 64;

    /// <summary>Number of unlabelled training videos; each shows one person of its own. Default 400.</summary>
    public int TrainingVideos { get; init; } = 400;

    /// <summary>Frames of a training video, <see cref="PuppetScene.FramesPerSecond"/> a second. Default 24: three seconds.</summary>
    public int FramesPerVideo { get; init; } = 24;

    /// <summary>Number of videos the prior poses are taken from: other people, other motions, never rendered. Default 800.</summary>
    public int PriorVideos { get; init; } = 800;

    /// <summary>Poses taken from each prior video, spread over three seconds. Default 8.</summary>
    public int PriorPosesPerVideo { get; init; } = 8;

    /// <summary>Number of test videos, of people and motions seen neither in training nor in the prior. Default 60.</summary>
    public int TestVideos { get; init; } = 60;

    /// <summary>Frames of a test video. Default 24.</summary>
    public int TestFramesPerVideo { get; init; } = 24;

    /// <summary>
    /// Whether people turn all the way round; by default they stay within ±50° of facing the camera. Full turns are
    /// beyond a one-channel skeleton image, which does not tell left from right.
    /// </summary>
    public bool FullTurn { get; init; }

    /// <summary>
    /// Whether the backgrounds are cluttered with sharp-edged things in vivid colours. Default: smooth gradients and
    /// soft blobs.
    /// </summary>
    public bool Clutter { get; init; }

    /// <summary>
    /// Rendered frames are kept in memory up to this many bytes per opened set; others are rendered again when asked
    /// for. Default 256 MiB.
    /// </summary>
    public long CacheBytes { get; init; } = 256L << 20;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var problems = new List<string>();
        AtLeast(Width, 16, nameof(Width));
        AtLeast(Height, 16, nameof(Height));
        AtLeast(TrainingVideos, 1, nameof(TrainingVideos));
        AtLeast(FramesPerVideo, 1, nameof(FramesPerVideo));
        AtLeast(PriorVideos, 1, nameof(PriorVideos));
        AtLeast(PriorPosesPerVideo, 1, nameof(PriorPosesPerVideo));
        AtLeast(TestVideos, 1, nameof(TestVideos));
        AtLeast(TestFramesPerVideo, 1, nameof(TestFramesPerVideo));
        AtLeast(CacheBytes, 0, nameof(CacheBytes));
        if (problems.Count > 0)
            throw new ArgumentException($"The puppet options are not usable: {string.Join("; ", problems)}.");

        void AtLeast(long value, long minimum, string name)
        {
            if (value < minimum)
                problems.Add($"{name} is {value}, expected at least {minimum}");
        }
    }
}

/// <summary>
/// The upper half of a scene's number: scenes of different splits never share a random stream, hence neither a person
/// nor a motion.
/// </summary>
internal enum PuppetSplit : ulong
{
    Train = 1,
    Prior = 2,
    Test = 3,
}
