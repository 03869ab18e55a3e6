using System.Runtime.InteropServices;
using Google.Protobuf;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Reads and makes initializers of 32-bit floats.</summary>
internal static class FloatTensor
{
    /// <summary>The elements of a tensor.</summary>
    public static float[] Read(TensorProto tensor) =>
        tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];

    /// <summary>A tensor.</summary>
    public static TensorProto Create(string name, ReadOnlySpan<float> data, IEnumerable<long> dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)OnnxElementType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(data)) };
        tensor.Dims.AddRange(dims);
        return tensor;
    }
}
