using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data.Quality;

/// <summary>Dark figures that stand on a light ground, and poses of others of their kind.</summary>
internal sealed class UprightFigures(Func<PosePrior, PosePrior> change, byte ground = 220) : IDataset
{
    private const int Side = 64;
    private const int Frames = 60;

    public static Skeleton Figure { get; } = new(
        "figure", ["head", "neck", "hip", "handL", "handR", "footL", "footR"],
        [new(0, 1), new(1, 2), new(1, 3), new(1, 4), new(2, 5), new(2, 6)], [(3, 4), (5, 6)]);

    public string Name => "figures";

    public Skeleton Skeleton => Figure;

    public IReadOnlyList<string> LabelledSplits => [];

    public IFrameSet OpenTrainingFrames()
    {
        byte[][] frames = [.. Enumerable.Range(0, Frames).Select(i => Draw(Pose(seed: 1, i)))];
        FrameId[] ids = [.. Enumerable.Range(0, Frames).Select(i => new FrameId("video", i, "", Box.WholeImage(Side, Side)))];
        return new MemoryFrameSet(Side, Side, frames, ids, [new Clip("video", 0, Frames)]);
    }

    public PosePrior OpenPrior() =>
        change(new PosePrior(Figure, [.. Enumerable.Range(0, 400).Select(i => Pose(seed: 2, i))], Side, Side, "figures"));

    public LabelledFrames OpenLabelled(string split) => throw new ArgumentException("There are no labels.");

    public static PosePrior Map(PosePrior prior, Func<Vector2, int, Vector2> map) => new(
        prior.Skeleton, [.. prior.Poses.Select((pose, i) => Array.ConvertAll(pose, point => map(point, i)))], prior.Width, prior.Height,
        "changed");

    // Seen from the front: what is left of the figure is on the right of the picture.
    private static Vector2[] Pose(ulong seed, int index)
    {
        var random = new SeededRandom(seed, 1, (ulong)index);
        float Vary(float value) => value + random.Uniform(-3, 3);
        (float x, float y) = (random.Uniform(29, 35), random.Uniform(30, 34));
        return
        [
            new(Vary(x), y - 22), new(x, y - 14), new(x, y + 4), new(Vary(x + 11), Vary(y - 4)), new(Vary(x - 11), Vary(y - 4)),
            new(Vary(x + 6), y + 24), new(Vary(x - 6), y + 24),
        ];
    }

    private byte[] Draw(Vector2[] pose)
    {
        byte[] rgb = new byte[Side * Side * 3];
        for (int i = 0; i < Side * Side; i++)
        {
            var pixel = new Vector2(i % Side, i / Side);
            bool isFigure = Figure.Edges.Any(edge => Distance(pixel, pose[edge.From[0]], pose[edge.To[0]]) < 2.5f);
            rgb.AsSpan(3 * i, 3).Fill(isFigure ? (byte)50 : (byte)(ground + i % 3));
        }
        return rgb;
    }

    private static float Distance(Vector2 point, Vector2 from, Vector2 to)
    {
        Vector2 along = to - from;
        return Vector2.Distance(point, from + Math.Clamp(Vector2.Dot(point - from, along) / along.LengthSquared(), 0, 1) * along);
    }
}
