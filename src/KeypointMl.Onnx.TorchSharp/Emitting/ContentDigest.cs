using System.IO.Hashing;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>
/// What is kept of a tensor's content: a hash that any change alters, and a weighted sum that agrees between two
/// computations of the same content up to rounding.
/// </summary>
/// <param name="Hash">Of the elements' bits.</param>
/// <param name="Sum">Of the elements, each weighted by its place, so that their order counts.</param>
/// <param name="Magnitude">The same of the elements' magnitudes: the scale of <paramref name="Sum"/>'s rounding.</param>
internal readonly record struct ContentDigest(ulong Hash, double Sum, double Magnitude)
{
    private const double Rounding = 1e-6;

    /// <summary>The digest of a tensor on any device.</summary>
    public static ContentDigest Of(Tensor tensor)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor plain = Plain(tensor);
        ReadOnlySpan<float> values = plain.numel() == 0
            ? []
            : MemoryMarshal.Cast<byte, float>((plain.dtype == ScalarType.Float32 ? plain : plain.to_type(ScalarType.Float32)).bytes);
        double step = 1.0 / Math.Max(1, values.Length);
        (double sum, double magnitude, double weight) = (0, 0, 1);
        foreach (float value in values)
        {
            double term = weight * (float.IsFinite(value) ? value : 0.5);
            sum += term;
            magnitude += Math.Abs(term);
            weight += step;
        }
        return new ContentDigest(HashOf(plain), sum, magnitude);
    }

    /// <summary>Whether a tensor still holds the very same elements.</summary>
    public bool IsOf(Tensor tensor)
    {
        using IDisposable scope = NewDisposeScope();
        return HashOf(Plain(tensor)) == Hash;
    }

    /// <summary>Whether both can be the same content, computed twice.</summary>
    public bool Agrees(ContentDigest other) => Hash == other.Hash
        || Math.Abs(Sum - other.Sum) <= Rounding * Math.Max(Magnitude, other.Magnitude);

    private static Tensor Plain(Tensor tensor) => tensor.detach().cpu().contiguous();

    private static ulong HashOf(Tensor plain)
    {
        ulong shape = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(plain.shape.AsSpan()));
        return plain.numel() == 0 ? shape : XxHash3.HashToUInt64(plain.bytes, (long)shape);
    }
}
