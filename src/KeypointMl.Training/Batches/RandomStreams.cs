using KeypointMl.Data;

namespace KeypointMl.Training.Batches;

/// <summary>The streams of <see cref="SeededRandom"/> that training draws from, so that no two uses share one.</summary>
internal static class RandomStreams
{
    public const ulong ImagePool = 101;
    public const ulong ImageAugmentation = 102;
    public const ulong StyleAugmentation = 103;
    public const ulong Equivariance = 104;
    public const ulong ThinPlateSplines = 105;
    public const ulong PriorPoses = 106;
    public const ulong PretrainingPoses = 107;
    public const ulong FramePairs = 108;
    public const ulong Samples = 109;
    public const ulong SecondCyclePool = 110;
    public const ulong BottleneckPoses = 111;
}
