using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>TorchSharp's element types and those of ONNX.</summary>
internal static class ElementTypes
{
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
        _ => throw new OnnxExportException($"A tensor has element type {type}, which is not exported; use a floating-point, integer or bool type."),
    };
}
