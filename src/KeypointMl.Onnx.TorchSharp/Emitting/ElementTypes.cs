using KeypointMl.Onnx.Model;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>TorchSharp's element types and those of ONNX.</summary>
internal static class ElementTypes
{
    /// <summary>Whether a type is exported.</summary>
    public static bool IsSupported(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16
        or ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool;

    public static OnnxElementType ToOnnx(ScalarType type) => type switch
    {
        ScalarType.Float32 => OnnxElementType.Float,
        ScalarType.Float64 => OnnxElementType.Double,
        ScalarType.Float16 => OnnxElementType.Float16,
        ScalarType.BFloat16 => OnnxElementType.BFloat16,
        ScalarType.Int64 => OnnxElementType.Int64,
        ScalarType.Int32 => OnnxElementType.Int32,
        ScalarType.Int16 => OnnxElementType.Int16,
        ScalarType.Int8 => OnnxElementType.Int8,
        ScalarType.Byte => OnnxElementType.UInt8,
        ScalarType.Bool => OnnxElementType.Bool,
        _ => throw new OnnxExportException(
            $"A tensor has element type {type}, which is not exported; use a floating-point, integer or bool type."),
    };
}
