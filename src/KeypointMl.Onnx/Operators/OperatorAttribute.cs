using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Onnx.Operators;

/// <summary>One attribute in the specification of an operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its kind.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Values">The only values allowed (for a list: of each element); empty where any are.</param>
/// <param name="Minimum">The smallest value allowed (for a list: of each element), or null.</param>
internal sealed record OperatorAttribute(string Name, AttributeType Type, bool IsRequired, ImmutableArray<string> Values, long? Minimum)
{
    /// <summary>What is wrong with a value of the right kind; null when nothing is.</summary>
    public string? Fault(AttributeProto attribute)
    {
        if (Values.IsEmpty && Minimum is null)
            return null;
        IEnumerable<string> texts = Type switch
        {
            AttributeType.Int => [Text(attribute.I)],
            AttributeType.Ints => attribute.Ints.Select(Text),
            AttributeType.String => [Text(attribute.S)],
            AttributeType.Strings => attribute.Strings.Select(Text),
            _ => [],
        };
        if (!Values.IsEmpty)
        {
            return texts.FirstOrDefault(text => !Values.Contains(text)) is { } wrong
                ? $"is '{PrintableText.Shorten(wrong)}'; expected {string.Join(", ", Values)}"
                : null;
        }
        IEnumerable<long> numbers = Type == AttributeType.Int ? [attribute.I] : attribute.Ints;
        return numbers.Where(number => number < Minimum).Select(number => (long?)number).FirstOrDefault() is { } small
            ? $"is {small}; expected at least {Minimum}"
            : null;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(ByteString text) => text.ToStringUtf8();
}
