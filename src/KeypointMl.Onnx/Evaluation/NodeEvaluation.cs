using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>A node to be computed from known inputs.</summary>
/// <param name="Node">The node.</param>
/// <param name="Inputs">Its inputs; null for those left out.</param>
/// <param name="Opset">The version of the standard operators.</param>
/// <param name="MaxBytes">The most bytes that the result may have.</param>
internal sealed record NodeEvaluation(NodeProto Node, ConstantTensor?[] Inputs, int Opset, long MaxBytes)
{
    /// <summary>An input; null if it is left out.</summary>
    public ConstantTensor? Input(int index) => index < Inputs.Length ? Inputs[index] : null;

    /// <summary>Integers that older opsets keep in an attribute and newer ones in an input; null if they are left out.</summary>
    public long[]? Integers(string attribute, int input) => NodeAttributes.Ints(Node, attribute) ?? Input(input)?.ToLongs();

    /// <summary>A buffer for a result; null if it would be larger than allowed, or its shape is none.</summary>
    public byte[]? Allocate(OnnxElementType type, ReadOnlySpan<long> dims) =>
        ConstantTensor.CountOf(dims) is { } count && (long)count * type.SizeInBytes() <= MaxBytes
        ? new byte[count * type.SizeInBytes()]
        : null;

    /// <summary>An axis counted from the front; null if the rank has no such axis.</summary>
    public static int? Axis(long axis, int rank)
    {
        long front = axis < 0 ? axis + rank : axis;
        return front >= 0 && front < rank ? (int)front : null;
    }

    /// <summary>Axes counted from the front, each once; null if the rank lacks one.</summary>
    public static HashSet<int>? Axes(long[] axes, int rank)
    {
        int?[] front = [.. axes.Select(axis => Axis(axis, rank))];
        return front.All(axis => axis is not null) && front.Distinct().Count() == front.Length
            ? [.. front.Select(axis => axis!.Value)]
            : null;
    }
}
