namespace KeypointMl.Data.Frames;

/// <summary>Some frames of another set, clip by clip, in its order. Disposing it disposes the other.</summary>
public sealed class FrameSubset : IFrameSet
{
    private readonly IFrameSet frames;
    private readonly int[] indices;

    /// <param name="frames">The other set.</param>
    /// <param name="parts">What is chosen of its clips, by its own indices.</param>
    /// <exception cref="ArgumentException">A part reaches beyond the frames.</exception>
    public FrameSubset(IFrameSet frames, IEnumerable<Clip> parts)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(parts);
        this.frames = frames;
        var clips = new List<Clip>();
        var chosen = new List<int>();
        foreach (Clip part in parts)
        {
            if (part.Start < 0 || part.Length < 1 || part.Start + part.Length > frames.Count)
            {
                throw new ArgumentException(
                    $"Clip '{part.Name}' is frames {part.Start} to {part.Start + part.Length - 1}; there are {frames.Count}.",
                    nameof(parts));
            }
            clips.Add(part with { Start = chosen.Count });
            chosen.AddRange(Enumerable.Range(part.Start, part.Length));
        }
        Clips = clips;
        indices = [.. chosen];
    }

    /// <inheritdoc/>
    public int Width => frames.Width;

    /// <inheritdoc/>
    public int Height => frames.Height;

    /// <inheritdoc/>
    public int Count => indices.Length;

    /// <inheritdoc/>
    public IReadOnlyList<Clip> Clips { get; }

    /// <summary>
    /// Divides a set in two. Neighbouring frames are alike, so whole clips are held back where there are many (every
    /// tenth for a share of 0.1), and the end of each clip where there are few.
    /// </summary>
    /// <param name="frames">The set; both parts refer to it.</param>
    /// <param name="share">How much is held back, above 0 and below 1.</param>
    /// <returns>The two parts; the second is empty where every clip is a single frame and there are few.</returns>
    public static (FrameSubset Kept, FrameSubset HeldBack) Split(IFrameSet frames, double share)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (!(share > 0 && share < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is above 0 and below 1.");
        List<Clip> kept = [];
        List<Clip> heldBack = [];
        bool areMany = frames.Clips.Count * share >= 2;
        for (int i = 0; i < frames.Clips.Count; i++)
        {
            Clip clip = frames.Clips[i];
            // The share of the first i clips, rounded down, grows by one where the next is held back.
            int end = areMany
                ? (Math.Floor((i + 1) * share) > Math.Floor(i * share) ? clip.Length : 0)
                : (int)Math.Round(clip.Length * share);
            if (end < clip.Length)
                kept.Add(clip with { Length = clip.Length - end });
            if (end > 0)
                heldBack.Add(clip with { Start = clip.Start + clip.Length - end, Length = end });
        }
        return (new FrameSubset(frames, kept), new FrameSubset(frames, heldBack));
    }

    /// <inheritdoc/>
    public FrameId GetId(int index) => frames.GetId(indices[index]);

    /// <inheritdoc/>
    public void Read(int index, Span<byte> destination) => frames.Read(indices[index], destination);

    /// <inheritdoc/>
    public void Dispose() => frames.Dispose();
}
