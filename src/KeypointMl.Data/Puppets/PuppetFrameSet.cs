using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Puppets;

/// <summary>
/// The videos of one split, one clip each; frames are rendered when first read and kept up to
/// <see cref="PuppetOptions.CacheBytes"/>.
/// </summary>
internal sealed class PuppetFrameSet : IFrameSet
{
    private readonly Func<int, PuppetScene> createScene;
    private readonly int length;
    private readonly PuppetScene?[] scenes;
    private readonly byte[]?[] cache;
    private long cacheBytesLeft;

    public PuppetFrameSet(PuppetSplit split, int videos, int length, PuppetOptions options, Func<int, PuppetScene> createScene)
    {
        this.createScene = createScene;
        this.length = length;
        Width = options.Width;
        Height = options.Height;
        scenes = new PuppetScene?[videos];
        cache = new byte[]?[videos * length];
        cacheBytesLeft = options.CacheBytes;
        string splitName = split.ToString().ToLowerInvariant();
        Clips = [.. Enumerable.Range(0, videos).Select(video =>
            new Clip($"{splitName}/{video:D4}", video * length, length, PuppetDataset.ActionOf(video).ToString().ToLowerInvariant()))];
    }

    public int Width { get; }

    public int Height { get; }

    public int Count => cache.Length;

    public IReadOnlyList<Clip> Clips { get; }

    public FrameId GetId(int index)
    {
        CheckIndex(index);
        return new FrameId(Clips[index / length].Name, index % length, "", Box.WholeImage(Width, Height));
    }

    public void Read(int index, Span<byte> destination)
    {
        CheckIndex(index);
        Span<byte> frame = destination[..(Width * Height * 3)];
        if (Volatile.Read(ref cache[index]) is { } kept)
        {
            kept.CopyTo(frame);
            return;
        }
        GetScene(index / length).Render(index % length, Width, Height, frame);
        if (Interlocked.Add(ref cacheBytesLeft, -frame.Length) >= 0)
            Volatile.Write(ref cache[index], frame.ToArray());
        else
            Interlocked.Add(ref cacheBytesLeft, frame.Length);
    }

    public Vector2[][] ComputePoses() =>
        [.. Enumerable.Range(0, Count).Select(index => GetScene(index / length).GetPose(index % length, Width, Height))];

    public void Dispose() => Array.Clear(cache);

    // Two threads may build one scene at once; both get the same scene, and either may stay.
    private PuppetScene GetScene(int video)
    {
        PuppetScene? scene = Volatile.Read(ref scenes[video]);
        if (scene is null)
            Volatile.Write(ref scenes[video], scene = createScene(video));
        return scene;
    }

    private void CheckIndex(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The set has frames 0 to {Count - 1}.");
    }
}
