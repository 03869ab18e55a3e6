using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>A number that two tensors of the same content share and two of different content hardly do, up to rounding: a weighted sum of the elements, and of their magnitudes for the scale.</summary>
internal readonly record struct ValueDigest(double Sum, double Magnitude)
{
    private const double Rounding = 1e-6;

    /// <summary>The digest of a tensor; NaN and infinities count as fixed numbers.</summary>
    public static ValueDigest Of(Tensor tensor)
    {
        if (tensor.numel() == 0)
            return default;
        using IDisposable scope = NewDisposeScope();
        Tensor flat = tensor.to_type(ScalarType.Float64).nan_to_num(0.5, 1e30, -1e30).flatten();
        Tensor weighted = flat * linspace(1, 2, flat.numel(), ScalarType.Float64, flat.device);
        return new ValueDigest(weighted.sum().ToDouble(), weighted.abs().sum().ToDouble());
    }

    /// <summary>Whether both can come from the same content, computed twice.</summary>
    public bool Agrees(ValueDigest other) => Math.Abs(Sum - other.Sum) <= Rounding * Math.Max(Magnitude, other.Magnitude);
}
