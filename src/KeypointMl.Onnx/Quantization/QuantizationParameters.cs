using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Quantization;

/// <summary>The scale and zero point of an activation: real = (integer − zero point) · scale.</summary>
internal readonly record struct QuantizationParameters(float Scale, int ZeroPoint, QuantizedActivation Type)
{
    private const int Steps = 255;

    /// <summary>The integer type in the file.</summary>
    public OnnxElementType ElementType => Type == QuantizedActivation.UInt8 ? OnnxElementType.UInt8 : OnnxElementType.Int8;

    /// <summary>The zero point as stored.</summary>
    public byte ZeroPointByte => unchecked((byte)ZeroPoint);

    private int Lowest => Type == QuantizedActivation.UInt8 ? 0 : -128;

    /// <summary>256 steps over a range that holds 0, shifted by less than a step so that 0 is one of them.</summary>
    public static QuantizationParameters Of(ActivationRange range, QuantizedActivation type)
    {
        int lowest = type == QuantizedActivation.UInt8 ? 0 : -128;
        float scale = (float)(((double)range.Max - range.Min) / Steps);
        // An activation that is always 0, or nearly, fits any scale; a subnormal one would lose its digits.
        if (!float.IsNormal(scale))
            scale = 1;
        int zeroPoint = (int)Math.Clamp(Math.Round(lowest - (range.Min / (double)scale)), lowest, lowest + Steps);
        return new QuantizationParameters(scale, zeroPoint, type);
    }

    /// <summary>The real numbers that the integers stand for, for the report.</summary>
    public QuantizedRange ToReport() => new((Lowest - ZeroPoint) * Scale, (Lowest + Steps - ZeroPoint) * Scale, Scale, ZeroPoint);
}
