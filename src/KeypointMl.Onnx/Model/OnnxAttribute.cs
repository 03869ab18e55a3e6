using System.Collections.Immutable;
using Google.Protobuf;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Onnx.Model;

/// <summary>A named, typed attribute of a node, such as <c>axis = 1</c>.</summary>
public sealed record OnnxAttribute
{
    private OnnxAttribute(string name, object value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Value = value;
    }

    /// <summary>Its name in the operator's specification.</summary>
    public string Name { get; }

    /// <summary>Its value: a <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, or an immutable array of one of them.</summary>
    public object Value { get; }

    /// <summary>An integer attribute.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public static OnnxAttribute Int(string name, long value) => new(name, value);

    /// <summary>A floating-point attribute.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public static OnnxAttribute Float(string name, float value) => new(name, value);

    /// <summary>A text attribute.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public static OnnxAttribute Text(string name, string value) => new(name, value);

    /// <summary>A list of integers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Its values.</param>
    public static OnnxAttribute Ints(string name, params ReadOnlySpan<long> values) => new(name, values.ToImmutableArray());

    /// <summary>A list of floating-point numbers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Its values.</param>
    public static OnnxAttribute Floats(string name, params ReadOnlySpan<float> values) => new(name, values.ToImmutableArray());

    /// <summary>An attribute whose type follows from the value's .NET type.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">
    /// An integer, bool (as 0 or 1), enum, float, double (narrowed to float, as ONNX stores it), string, or a sequence
    /// of long, int, float or string.
    /// </param>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    public static OnnxAttribute From(string name, object value) => value switch
    {
        long number => new(name, number),
        int number => new(name, (long)number),
        bool flag => new(name, flag ? 1L : 0L),
        OnnxElementType type => new(name, (long)type),
        float number => new(name, number),
        double number => new(name, (float)number),
        string text => new(name, text),
        IEnumerable<long> numbers => new(name, numbers.ToImmutableArray()),
        IEnumerable<int> numbers => new(name, numbers.Select(number => (long)number).ToImmutableArray()),
        IEnumerable<float> numbers => new(name, numbers.ToImmutableArray()),
        IEnumerable<string> texts => new(name, texts.ToImmutableArray()),
        _ => throw new ArgumentException(
            $"Attribute '{name}' has a value of type {value?.GetType().ToString() ?? "null"}; "
            + "expected an integer, bool, float, string, or a sequence of long, int, float or string."),
    };

    internal static object? ValueOf(AttributeProto proto) => proto.Type switch
    {
        AttributeType.Int => proto.I,
        AttributeType.Float => proto.F,
        AttributeType.String => proto.S.ToStringUtf8(),
        AttributeType.Ints => proto.Ints.ToImmutableArray(),
        AttributeType.Floats => proto.Floats.ToImmutableArray(),
        AttributeType.Strings => proto.Strings.Select(text => text.ToStringUtf8()).ToImmutableArray(),
        _ => null,
    };

    internal AttributeProto ToProto()
    {
        var proto = new AttributeProto { Name = Name };
        switch (Value)
        {
            case long number:
                (proto.Type, proto.I) = (AttributeType.Int, number);
                break;
            case float number:
                (proto.Type, proto.F) = (AttributeType.Float, number);
                break;
            case string text:
                (proto.Type, proto.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case ImmutableArray<long> numbers:
                proto.Type = AttributeType.Ints;
                proto.Ints.AddRange(numbers);
                break;
            case ImmutableArray<float> numbers:
                proto.Type = AttributeType.Floats;
                proto.Floats.AddRange(numbers);
                break;
            case ImmutableArray<string> texts:
                proto.Type = AttributeType.Strings;
                proto.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
        }
        return proto;
    }
}
