using System.Buffers;
using System.Numerics;
using KeypointMl.Data.Puppets.Body;
using KeypointMl.Data.Puppets.Drawing;
using KeypointMl.Data.Puppets.Motion;

namespace KeypointMl.Data.Puppets;

/// <summary>
/// One synthetic video: one person in one set of clothes doing one thing before one background. A function of its
/// constructor's arguments alone; it can be rendered at any size. Frames are equal on one platform; across platforms
/// they may differ by one grey level where a mathematical function rounds differently.
/// </summary>
/// <remarks>Immutable to its callers and thread-safe.</remarks>
internal sealed class PuppetScene
{
    /// <summary>The videos' frame rate. Low, so that the two frames of a pair differ.</summary>
    public const int FramesPerSecond = 8;

    private readonly PuppetBody body;
    private readonly Outfit outfit;
    private readonly PuppetMotion motion;
    private readonly Placement placement;
    private readonly Backdrop backdrop;
    private RenderedBackdrop? rendered;

    /// <summary>Chooses the scene's person, motion, placement and background.</summary>
    /// <param name="seed">The data set's seed.</param>
    /// <param name="number">The scene's number: scenes of different numbers are independent.</param>
    /// <param name="action">What the person does.</param>
    /// <param name="frames">Number of frames, at least one.</param>
    /// <param name="fullTurn">Whether the person may turn its back to the camera.</param>
    /// <param name="clutter">Whether the background is full of sharp-edged things.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="frames"/> is below 1, or <paramref name="action"/> is not defined.
    /// </exception>
    public PuppetScene(ulong seed, ulong number, PuppetAction action, int frames, bool fullTurn = false, bool clutter = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        Action = action;
        FrameCount = frames;
        // One stream per aspect: a change in how clothes are drawn leaves poses, and with them every label, as they were.
        var bodyRandom = new SeededRandom(seed, number, 0);
        var motionRandom = new SeededRandom(seed, number, 1);
        var placementRandom = new SeededRandom(seed, number, 2);
        var outfitRandom = new SeededRandom(seed, number, 3);
        var backdropRandom = new SeededRandom(seed, number, 4);
        body = PuppetBody.Draw(ref bodyRandom);
        motion = PuppetMotion.Draw(action, ref motionRandom, fullTurn);
        placement = Placement.Draw(ref placementRandom, Enumerable.Range(0, frames).Select(Figure));
        backdrop = Backdrop.Draw(ref backdropRandom, placement, clutter);
        outfit = Outfit.Draw(ref outfitRandom, backdrop.MeanColour);
    }

    /// <summary>What the person does.</summary>
    public PuppetAction Action { get; }

    /// <summary>Number of frames.</summary>
    public int FrameCount { get; }

    /// <summary>The true pose in one frame, occluded keypoints included.</summary>
    /// <param name="frame">0…FrameCount−1.</param>
    /// <param name="width">The frame's width in pixels.</param>
    /// <param name="height">The frame's height in pixels.</param>
    /// <returns>
    /// One point per keypoint of <see cref="PuppetDataset.Skeleton"/>, in pixels, (0,0) the centre of the top-left
    /// pixel.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public Vector2[] GetPose(int frame, int width, int height)
    {
        CheckFrame(frame);
        var camera = new Camera(placement, width, height);
        return [.. Figure(frame).Joints.Select(joint => camera.Project(joint))];
    }

    /// <summary>Draws one frame.</summary>
    /// <param name="frame">0…FrameCount−1.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="destination">[height,width,3] bytes, RGB, row-major; at least that long.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void Render(int frame, int width, int height, Span<byte> destination)
    {
        CheckFrame(frame);
        int size = width * height * 3;
        if (destination.Length < size)
        {
            throw new ArgumentException(
                $"A {width}×{height} frame takes {size} bytes; the destination has {destination.Length}.", nameof(destination));
        }
        float[] buffer = ArrayPool<float>.Shared.Rent(size);
        var canvas = new Canvas(buffer.AsSpan(0, size), width, height);
        BackdropOf(width, height).CopyTo(canvas.Pixels);
        FigurePainter.Paint(canvas, Figure(frame), body, outfit, new Camera(placement, width, height));
        canvas.ToBytes(destination);
        ArrayPool<float>.Shared.Return(buffer);
    }

    private PuppetFigure Figure(int frame) => PuppetFigure.Pose(body, motion.At((float)frame / FramesPerSecond));

    // The background does not move: it is drawn once per size. A race draws it twice, with equal results.
    private ReadOnlySpan<float> BackdropOf(int width, int height)
    {
        RenderedBackdrop? current = Volatile.Read(ref rendered);
        if (current is null || current.Width != width || current.Height != height)
        {
            float[] pixels = new float[width * height * 3];
            backdrop.Paint(new Canvas(pixels, width, height));
            Volatile.Write(ref rendered, current = new RenderedBackdrop(width, height, pixels));
        }
        return current.Pixels;
    }

    private void CheckFrame(int frame)
    {
        if ((uint)frame >= (uint)FrameCount)
            throw new ArgumentOutOfRangeException(nameof(frame), frame, $"The scene has frames 0 to {FrameCount - 1}.");
    }

    private sealed record RenderedBackdrop(int Width, int Height, float[] Pixels);
}
