namespace KeypointMl.Onnx.Model;

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

    /// <summary>
    /// Bytes per element; 0 where elements are not whole bytes (<see cref="OnnxElementType.String"/>,
    /// <see cref="OnnxElementType.Undefined"/>, the types of 2 and 4 bits) or the type is unknown.
    /// </summary>
    /// <param name="type">The element type.</param>
    public static int SizeInBytes(this OnnxElementType type) => type.SizeInBits() / 8;

    /// <summary>
    /// Bits per element; 0 where the size is not fixed (<see cref="OnnxElementType.String"/>,
    /// <see cref="OnnxElementType.Undefined"/>) or the type is unknown.
    /// </summary>
    /// <param name="type">The element type.</param>
    public static int SizeInBits(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt2 or OnnxElementType.Int2 => 2,
        OnnxElementType.UInt4 or OnnxElementType.Int4 or OnnxElementType.Float4E2M1 => 4,
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool or (>= OnnxElementType.Float8E4M3FN
            and <= OnnxElementType.Float8E5M2FNUZ) or OnnxElementType.Float8E8M0 => 8,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 16,
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 32,
        OnnxElementType.Int64 or OnnxElementType.UInt64 or OnnxElementType.Double or OnnxElementType.Complex64 => 64,
        OnnxElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>
    /// How many bytes a number of elements takes when stored without gaps, as in <c>raw_data</c>; small elements share
    /// bytes.
    /// </summary>
    /// <param name="type">An element type of fixed size.</param>
    /// <param name="count">How many elements.</param>
    /// <exception cref="OverflowException">More bytes than a 64-bit integer can say.</exception>
    public static long BytesFor(this OnnxElementType type, long count) => checked((long)(((Int128)count * type.SizeInBits() + 7) / 8));
}
