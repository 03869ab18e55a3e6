using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Pairs;

/// <summary>
/// Draws the pairs (x, x′) of section 3.1: two frames of one clip. Every draw is a function of (seed, step, slot)
/// alone, so that a resumed run sees the pairs that an uninterrupted one would.
/// </summary>
public sealed class FramePairSampler
{
    private const ulong Stream = 0x5041495253; // "PAIRS"
    private const int SlotBits = 20;

    private readonly IReadOnlyList<Clip> clips;
    private readonly int[] clipEnds;
    private readonly int minDistance;
    private readonly int maxDistance;
    private readonly ulong seed;

    /// <summary>A sampler over clips that cover frames 0…Count−1 in order.</summary>
    /// <param name="clips">The clips of an <see cref="IFrameSet"/>.</param>
    /// <param name="minDistance">The least number of frames between x and x′, at least 0.</param>
    /// <param name="maxDistance">The greatest; the authors' window is 1000 frames of 50 a second.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <exception cref="ArgumentException">
    /// There is no frame, the clips leave a hole, or the distances are negative or reversed.
    /// </exception>
    public FramePairSampler(IReadOnlyList<Clip> clips, int minDistance, int maxDistance, ulong seed)
    {
        if (minDistance < 0 || maxDistance < minDistance)
            throw new ArgumentException($"The distance between paired frames is {minDistance} to {maxDistance}; expected 0 ≤ min ≤ max.");
        int next = 0;
        foreach (Clip clip in clips)
        {
            if (clip.Start != next || clip.Length < 1)
            {
                throw new ArgumentException(
                    $"Clip '{clip.Name}' has {clip.Length} frames from {clip.Start}; "
                    + $"expected at least one, from {next}, where the clip before it ends.", nameof(clips));
            }
            next += clip.Length;
        }
        if (next == 0)
            throw new ArgumentException("There are no frames to draw pairs from.", nameof(clips));
        this.clips = clips;
        clipEnds = [.. clips.Select(clip => clip.Start + clip.Length)];
        this.minDistance = minDistance;
        this.maxDistance = maxDistance;
        this.seed = seed;
    }

    /// <summary>
    /// Draws a pair. x is uniform over all frames; x′ uniform over those of its clip whose distance from x is within
    /// the window.
    /// </summary>
    /// <param name="step">The training step.</param>
    /// <param name="slot">The place in the batch, below 2²⁰.</param>
    /// <returns>
    /// The indices of x and x′. A clip of one frame gives it twice (the pair is then made by thin-plate splines, as for
    /// image collections); where a clip is too short for the least distance, x′ is the frame of it farthest from x.
    /// </returns>
    public (int First, int Second) Sample(long step, int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, 1u << SlotBits, nameof(slot));
        var random = new SeededRandom(seed, Stream, ((ulong)step << SlotBits) | (uint)slot);
        int first = random.Next(clipEnds[^1]);
        Clip clip = clips[ClipOf(first)];

        // The candidates: `before` frames ending at first − min, then `after` frames starting at first + min (first itself only once).
        int position = first - clip.Start;
        int before = Math.Max(0, Math.Min(maxDistance, position) - minDistance + 1);
        int nearestAfter = Math.Max(minDistance, 1);
        int after = Math.Max(0, Math.Min(maxDistance, clip.Length - 1 - position) - nearestAfter + 1);
        if (before + after == 0)
            return (first, position >= clip.Length - 1 - position ? clip.Start : clip.Start + clip.Length - 1);
        int draw = random.Next(before + after);
        return (first, draw < before ? first - minDistance - draw : first + nearestAfter + (draw - before));
    }

    private int ClipOf(int frame)
    {
        int found = Array.BinarySearch(clipEnds, frame + 1);
        return found >= 0 ? found : ~found;
    }
}
