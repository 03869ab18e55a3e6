using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>How far apart two results are.</summary>
/// <param name="Absolute">The largest |a − b|.</param>
/// <param name="Relative">The largest |a − b| / max(1, |a|).</param>
internal readonly record struct Difference(double Absolute, double Relative)
{
    /// <summary>Compares results; shapes and element types must be the same. NaN equals NaN, and an infinity itself.</summary>
    public static Difference Between(Tensor[] expected, Tensor[] found, string what)
    {
        Assert.HasCount(expected.Length, found);
        var largest = default(Difference);
        for (int index = 0; index < expected.Length; index++)
        {
            CollectionAssert.AreEqual(expected[index].shape, found[index].shape, $"{what}: shape of output {index}");
            Assert.AreEqual(expected[index].dtype, found[index].dtype, $"{what}: type of output {index}");
            if (expected[index].numel() > 0)
                largest = largest.Or(Between(expected[index].to_type(ScalarType.Float64), found[index].to_type(ScalarType.Float64)));
        }
        return largest;
    }

    /// <summary>The larger of each.</summary>
    public Difference Or(Difference other) => new(Math.Max(Absolute, other.Absolute), Math.Max(Relative, other.Relative));

    private static Difference Between(Tensor expected, Tensor found)
    {
        Tensor same = expected.eq(found).logical_or(expected.isnan().logical_and(found.isnan()));
        // A NaN or an infinity on one side alone is infinitely far.
        Tensor distance = where(same, zeros_like(expected), (expected - found).abs()).nan_to_num(double.PositiveInfinity);
        Tensor relative = (distance / expected.abs().clamp_min(1)).nan_to_num(double.PositiveInfinity);
        return new Difference(distance.max().ToDouble(), relative.max().ToDouble());
    }
}
