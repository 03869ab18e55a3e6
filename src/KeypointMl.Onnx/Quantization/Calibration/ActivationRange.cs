namespace KeypointMl.Onnx;

/// <summary>The real numbers that an activation is stored for; 0 is always among them, so that padding is exact.</summary>
internal readonly record struct ActivationRange(float Min, float Max)
{
    /// <summary>The smallest range with these ends and 0.</summary>
    public static ActivationRange Around(float min, float max) => new(MathF.Min(min, 0), MathF.Max(max, 0));

    /// <summary>The smallest range that holds both.</summary>
    public ActivationRange Union(ActivationRange other) => new(MathF.Min(Min, other.Min), MathF.Max(Max, other.Max));
}
