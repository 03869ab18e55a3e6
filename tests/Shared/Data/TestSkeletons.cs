using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Testing;

/// <summary>A skeleton of three points, and things made with it.</summary>
internal static class TestSkeletons
{
    internal static Skeleton Three { get; } = new(
        "three", ["left", "right", "nose"], [new SkeletonEdge([0, 1], [2])], [(0, 1)], [new KeypointGroup("eyes", [0, 1])]);

    internal static PosePrior Prior(int width = 64, int height = 64) => new(
        Three, [[new Vector2(10, 20), new Vector2(50, 20), new Vector2(30, 40)],
            [new Vector2(12, 24), new Vector2(48, 22), new Vector2(33, 41)]], width, height, "test");

    /// <summary>Frames of 4×2 pixels, each filled with its index.</summary>
    internal static MemoryFrameSet Frames(params int[] clipLengths)
    {
        int count = clipLengths.Sum();
        int start = 0;
        Clip[] clips = [.. clipLengths.Select((length, i) => new Clip($"clip {i}", (start += length) - length, length))];
        byte[][] frames = [.. Enumerable.Range(0, count).Select(i => Enumerable.Repeat((byte)i, 24).ToArray())];
        return new MemoryFrameSet(
            4, 2, frames, [.. Enumerable.Range(0, count).Select(i => new FrameId("memory", i, "", Box.WholeImage(4, 2)))], clips);
    }
}
