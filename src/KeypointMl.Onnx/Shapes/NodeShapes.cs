using System.Collections.Immutable;
using System.Runtime.InteropServices;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Shapes;

/// <summary>What the shape rule of an operator may ask about a node.</summary>
/// <param name="node">The node.</param>
/// <param name="inputs">What is known of its inputs; null for those left out.</param>
internal sealed class NodeShapes(NodeProto node, IReadOnlyList<ValueFacts?> inputs)
{
    // Constants longer than this are weights, not shapes, axes or sizes.
    private const int MaxElements = 1024;

    /// <summary>The node.</summary>
    public NodeProto Node => node;

    /// <summary>How many inputs are named.</summary>
    public int Count => inputs.Count;

    /// <summary>The shape of an input; default if not known or left out.</summary>
    public ImmutableArray<OnnxDimension> this[int index] => Facts(index)?.Shape ?? default;

    /// <summary>What is known of an input; null if left out.</summary>
    public ValueFacts? Facts(int index) => index < inputs.Count ? inputs[index] : null;

    /// <summary>Whether an input is given, known or not.</summary>
    public bool Has(int index) => index < node.Input.Count && node.Input[index].Length > 0;

    /// <summary>An integer attribute.</summary>
    public long Int(string name, long fallback) => NodeAttributes.Int(node, name, fallback);

    /// <summary>A list attribute; null if not given.</summary>
    public long[]? Ints(string name) => NodeAttributes.Ints(node, name);

    /// <summary>A text attribute.</summary>
    public string Text(string name, string fallback) => NodeAttributes.Text(node, name, fallback);

    /// <summary>The elements of an input that is a short list of integers, as far as they are known; default if not.</summary>
    public ImmutableArray<IntegerElement> Elements(int index) => Facts(index)?.Elements ?? default;

    /// <summary>The elements of an input that is a short list of known integers; null if not.</summary>
    public long[]? Constant(int index) =>
        Elements(index) is { IsDefault: false } elements && elements.All(element => element.Number is not null)
        ? [.. elements.Select(element => element.Number!.Value)]
        : null;

    /// <summary>The elements of an input that is a short stored list of 32-bit floats; null if it is not.</summary>
    public float[]? Floats(int index)
    {
        if (Facts(index)?.Stored is not { DataType: (int)OnnxElementType.Float } tensor || tensor.Dims.Count > 1
            || tensor.Dims.Sum() > MaxElements)
            return null;
        return tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
    }

    /// <summary>
    /// The axes that older opsets give in an attribute and newer ones in an input. Found is false where they are given
    /// and not known.
    /// </summary>
    public (bool Found, long[]? Axes) Axes(int input, string attribute = "axes") =>
        Ints(attribute) is { } axes ? (true, axes) : Has(input) ? (Constant(input) is not null, Constant(input)) : (true, null);

    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="ShapeConflictException">There is no such axis.</exception>
    public static int Axis(long axis, int rank)
    {
        if (axis < -rank || axis >= rank)
            throw new ShapeConflictException($"axis {axis} is not one of a tensor of {rank} dimensions");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>An axis of an input given by an attribute, counted from the front.</summary>
    public int Axis(string name, long fallback, int rank) => Axis(Int(name, fallback), rank);

    /// <summary>The elements of a stored tensor of integers that is short and a list or a scalar; default if not.</summary>
    public static ImmutableArray<IntegerElement> ElementsOf(TensorProto tensor)
    {
        if (tensor.Dims.Count > 1 || (tensor.Dims.Count == 1 && tensor.Dims[0] > MaxElements))
            return default;
        return (OnnxElementType)tensor.DataType switch
        {
            OnnxElementType.Int64 when tensor.RawData.Length > 0 =>
                [.. MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray().Select(number => new IntegerElement(number, null))],
            OnnxElementType.Int64 => [.. tensor.Int64Data.Select(number => new IntegerElement(number, null))],
            OnnxElementType.Int32 when tensor.RawData.Length > 0 =>
                [.. MemoryMarshal.Cast<byte, int>(tensor.RawData.Span).ToArray().Select(number => new IntegerElement(number, null))],
            OnnxElementType.Int32 => [.. tensor.Int32Data.Select(number => new IntegerElement(number, null))],
            _ => default,
        };
    }
}

/// <summary>What is known of a value without running the graph.</summary>
internal sealed record ValueFacts
{
    /// <summary>Its type (see <see cref="TypeNames"/>), or null.</summary>
    public string? Type { get; init; }

    /// <summary>Its shape; default where not even the rank is known.</summary>
    public ImmutableArray<OnnxDimension> Shape { get; init; }

    /// <summary>The stored tensor that it is, or null.</summary>
    public TensorProto? Stored { get; init; }

    /// <summary>
    /// The elements of a short list of integers (or one alone), such as a shape, as far as they are known; default
    /// where the value is none or nothing is known.
    /// </summary>
    public ImmutableArray<IntegerElement> Elements { get; init; }
}

/// <summary>
/// The shapes or attributes of a node contradict its operator. The message is the rest of a sentence that starts with
/// the node.
/// </summary>
internal sealed class ShapeConflictException(string message) : Exception(message);
