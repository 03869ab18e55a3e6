using System.Numerics;
using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Quality;

/// <summary>The subjects of a set of frames, where they stand out from the ground in enough of them.</summary>
/// <param name="Extent">How far they usually reach along their main axis, in fractions of the frame; null where that is not clear.</param>
/// <param name="Axes">Their main axes; null where that is not clear, or they are round.</param>
/// <param name="Unclear">In how many frames they stand out, for people.</param>
internal sealed record SubjectShapes(float? Extent, AxisSpread? Axes, string Unclear)
{
    private const int LeastFrames = 12;
    private const float LeastShare = 0.25f;
    private const float MostSpread = 0.6f;

    /// <summary>The extent of each subject; empty where that is not clear.</summary>
    internal IReadOnlyList<float> Extents { get; private init; } = [];

    /// <summary>How far they usually lie off the middle of the frame, as a fraction of it (uniform, ±).</summary>
    internal float PlaceVariation { get; private init; }

    internal static SubjectShapes Of(IFrameSet frames)
    {
        (IReadOnlyList<Shape> shapes, int looked) = Foreground.Sample(frames);
        string unclear = $"the subject stands out from the ground in {shapes.Count} of {looked} frames";
        if (shapes.Count < LeastFrames || shapes.Count < LeastShare * looked)
            return new SubjectShapes(null, null, $"{unclear}, too few to measure");
        float[] extents = [.. shapes.Select(shape => shape.Extent).Order()];
        (float low, float median, float high) = (extents[extents.Length / 4], extents[extents.Length / 2], extents[extents.Length * 3 / 4]);
        if (high - low > MostSpread * median)
        {
            string sizes = FormattableString.Invariant($"{100 * low:0} to {100 * high:0} %");
            return new SubjectShapes(null, null, $"{unclear}, and seems to reach over {sizes} of them: not clear");
        }
        float off = MathF.Sqrt(shapes.Average(shape => Vector2.DistanceSquared(shape.Centre, new Vector2(0.5f))) / 2);
        return new SubjectShapes(median, AxisSpread.Of([.. shapes]), unclear)
        {
            Extents = extents,
            PlaceVariation = MathF.Sqrt(3) * off,
        };
    }

    /// <summary>The relative standard deviation of sizes, by their quartiles, which a few wrong ones do not change.</summary>
    internal static float Variation(IReadOnlyList<float> sizes)
    {
        if (sizes.Count < 4)
            return 0;
        float[] sorted = [.. sizes.Order()];
        return (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / 1.349f / sorted[sorted.Length / 2];
    }
}
