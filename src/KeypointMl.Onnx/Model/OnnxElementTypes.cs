namespace KeypointMl.Onnx;

/// <summary>Facts about <see cref="OnnxElementType"/>.</summary>
public static class OnnxElementTypes
{
    /// <summary>The ONNX element type of a .NET type: float, double, Half, bool and the integers.</summary>
    /// <typeparam name="T">The .NET type.</typeparam>
    /// <exception cref="NotSupportedException">ONNX has no such element type.</exception>
    public static OnnxElementType Of<T>()
        where T : unmanaged
    {
        Type type = typeof(T);
        return type == typeof(float) ? OnnxElementType.Float
            : type == typeof(long) ? OnnxElementType.Int64
            : type == typeof(byte) ? OnnxElementType.UInt8
            : type == typeof(int) ? OnnxElementType.Int32
            : type == typeof(sbyte) ? OnnxElementType.Int8
            : type == typeof(bool) ? OnnxElementType.Bool
            : type == typeof(double) ? OnnxElementType.Double
            : type == typeof(Half) ? OnnxElementType.Float16
            : type == typeof(short) ? OnnxElementType.Int16
            : type == typeof(ushort) ? OnnxElementType.UInt16
            : type == typeof(uint) ? OnnxElementType.UInt32
            : type == typeof(ulong) ? OnnxElementType.UInt64
            : throw new NotSupportedException($"ONNX has no element type for {type}; use float, double, Half, bool or an integer type.");
    }

    /// <summary>Bytes per element; 0 where the size is not fixed (<see cref="OnnxElementType.String"/>, <see cref="OnnxElementType.Undefined"/>) or the type is unknown.</summary>
    /// <param name="type">The element type.</param>
    public static int SizeInBytes(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Double or OnnxElementType.Complex64 => 8,
        OnnxElementType.Complex128 => 16,
        _ => 0,
    };
}
