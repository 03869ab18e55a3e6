using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors;

/// <summary>Draws unpaired poses p̄ from a prior and varies them. Every draw is a function of (seed, step, slot) alone.</summary>
public sealed class PriorSampler
{
    private const ulong Stream = 0x5052494F52; // "PRIOR"
    private const int SlotBits = 20;

    private readonly PoseAugmentation augmentation;
    private readonly IReadOnlyList<Vector2[]> poses;
    private readonly Vector2[] mean;
    private readonly int[] flip;
    private readonly int width;
    private readonly int height;
    private readonly ulong seed;

    /// <summary>A sampler for frames of one size.</summary>
    /// <param name="prior">The poses.</param>
    /// <param name="width">Width of the networks' frames in pixels, at least 2.</param>
    /// <param name="height">Height of the networks' frames in pixels, at least 2.</param>
    /// <param name="augmentation">How drawn poses are varied.</param>
    /// <param name="seed">Seed of all draws; samplers that must be independent need different seeds.</param>
    /// <exception cref="ArgumentException">The augmentation is out of range, or a side is below 2.</exception>
    public PriorSampler(PosePrior prior, int width, int height, PoseAugmentation augmentation, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        augmentation.Validate();
        this.augmentation = augmentation;
        poses = prior.ScaledTo(width, height);
        flip = prior.Skeleton.FlipPermutation();
        mean = [.. Enumerable.Range(0, prior.Skeleton.Count).Select(
            k => poses.Aggregate(Vector2.Zero, (sum, pose) => sum + pose[k]) / poses.Count)];
        this.width = width;
        this.height = height;
        this.seed = seed;
        Skeleton = prior.Skeleton;
    }

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton { get; }

    /// <summary>Draws poses in the networks' coordinates.</summary>
    /// <param name="step">The training step.</param>
    /// <param name="destination">
    /// [N,K,2]: x, y in [−1,1], where −1 and +1 are the centres of the first and last pixel; shifted poses may reach
    /// beyond.
    /// </param>
    /// <exception cref="ArgumentException">The length is not a multiple of K·2.</exception>
    public void Fill(long step, Span<float> destination)
    {
        int numbers = Skeleton.Count * 2;
        if (destination.Length % numbers != 0)
        {
            throw new ArgumentException(
                $"The buffer holds {destination.Length} numbers; expected a multiple of {numbers} (N·K·2, K = {Skeleton.Count}).",
                nameof(destination));
        }
        Span<Vector2> pose = stackalloc Vector2[Skeleton.Count];
        for (int slot = 0; slot < destination.Length / numbers; slot++)
        {
            Draw(step, slot, pose);
            for (int k = 0; k < pose.Length; k++)
            {
                Vector2 p = NormalizedCoordinates.FromPixel(pose[k], width, height);
                destination[slot * numbers + 2 * k] = p.X;
                destination[slot * numbers + 2 * k + 1] = p.Y;
            }
        }
    }

    /// <summary>Draws poses in pixels of the frame, for previews and baselines.</summary>
    /// <param name="step">As in <see cref="Fill"/>: the same step gives the same poses.</param>
    /// <param name="count">N.</param>
    /// <returns>N poses of K points.</returns>
    public Vector2[][] DrawPixels(long step, int count)
    {
        var drawn = new Vector2[count][];
        for (int slot = 0; slot < count; slot++)
            Draw(step, slot, drawn[slot] = new Vector2[Skeleton.Count]);
        return drawn;
    }

    private void Draw(long step, int slot, Span<Vector2> pose)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, 1u << SlotBits, nameof(slot));
        var random = new SeededRandom(seed, Stream, ((ulong)step << SlotBits) | (uint)slot);
        Vector2[] source = poses[random.Next(poses.Count)];
        Vector2[]? other = augmentation.Combined ? poses[random.Next(poses.Count)] : null;
        (float second, float first) = other is null ? (0, 1) : MathF.SinCos(random.Uniform(0, MathF.PI / 2));
        bool mirrored = random.Chance(augmentation.FlipProbability);
        float angle = random.Uniform(-augmentation.RotationDegrees, augmentation.RotationDegrees) * (MathF.PI / 180);
        float scale = random.Uniform(1 - augmentation.Scale, 1 + augmentation.Scale);
        var size = new Vector2(width, height);
        Vector2 shift = new Vector2(random.Uniform(-1, 1), random.Uniform(-1, 1)) * augmentation.ShiftFraction * size;
        Vector2 centre = (size - Vector2.One) / 2;
        (float sin, float cos) = MathF.SinCos(angle);
        for (int k = 0; k < pose.Length; k++)
        {
            int joint = mirrored ? flip[k] : k;
            Vector2 p = other is null ? source[joint]
                : mean[joint] + first * (source[joint] - mean[joint]) + second * (other[joint] - mean[joint]);
            p -= centre;
            if (mirrored)
                p.X = -p.X;
            p = new Vector2(cos * p.X - sin * p.Y, sin * p.X + cos * p.Y) * scale + shift + centre;
            if (augmentation.JointJitter > 0)
                p += new Vector2(random.Gaussian(), random.Gaussian()) * augmentation.JointJitter * size;
            pose[k] = p;
        }
    }
}
