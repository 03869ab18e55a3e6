using System.Text.Unicode;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Onnx.Checking;

/// <summary>Checks that an attribute holds what its type announces, and that an operator has it.</summary>
internal static class AttributeChecker
{
    /// <summary>Checks an attribute by itself.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="context">What holds where it stands.</param>
    /// <param name="where">What has it, in the words of a sentence.</param>
    /// <param name="isText">Whether its strings must be text: other tools' operators keep bytes in them, too.</param>
    public static void Check(AttributeProto attribute, CheckContext context, string where, bool isText)
    {
        string name = PrintableText.Shorten(attribute.Name);
        if (attribute.Name.Length == 0)
            context.Problems.Add($"{where} has an attribute without a name.");
        if (attribute.Type == AttributeType.Undefined || !Enum.IsDefined(attribute.Type))
            context.Problems.Add($"{where}: attribute '{name}' does not say its type.");
        AttributeType[] held = [.. Held(attribute)];
        if (held.Length > 1)
            context.Problems.Add($"{where}: attribute '{name}' holds {held.Length} values ({string.Join(", ", held)}); expected one.");
        else if (held.Length == 1 && held[0] != attribute.Type)
            context.Problems.Add($"{where}: attribute '{name}' says that it is {attribute.Type} and holds {held[0]}.");
        if (isText && !(Utf8.IsValid(attribute.S.Span) && attribute.Strings.All(text => Utf8.IsValid(text.Span))))
            context.Problems.Add($"{where}: attribute '{name}' holds text that is not UTF-8.");
        if (attribute.RefAttrName.Length > 0)
            CheckReference(attribute, held.Length, name, context, where);
    }

    /// <summary>Checks an attribute against the specification of its operator.</summary>
    public static void CheckAgainst(AttributeProto attribute, OperatorSchema schema, CheckContext context, string where)
    {
        string name = PrintableText.Shorten(attribute.Name);
        if (!schema.Attributes.TryGetValue(attribute.Name, out OperatorAttribute? known))
            context.Problems.Add($"{where} has attribute '{name}', which the operator does not have in opset {context.Opset}.");
        else if (known.Type != attribute.Type)
            context.Problems.Add($"{where}: attribute '{name}' is of type {attribute.Type}; expected {known.Type}.");
        else if (attribute.RefAttrName.Length > 0)
            return;
        else if (IsMissing(attribute))
            context.Problems.Add($"{where}: attribute '{name}' is empty; expected a value of type {known.Type}.");
        else if (known.Fault(attribute) is { } fault)
            context.Problems.Add($"{where}: attribute '{name}' {fault}.");
    }

    private static void CheckReference(AttributeProto attribute, int held, string name, CheckContext context, string where)
    {
        if (context.Function is not { } function)
            context.Problems.Add($"{where}: attribute '{name}' refers to an attribute of a function, and this is none.");
        else if (held > 0)
        {
            context.Problems.Add(
                $"{where}: attribute '{name}' refers to an attribute of its function and holds a value as well; expected one of the two.");
        }
        else if (!function.Attribute.Contains(attribute.RefAttrName)
            && function.AttributeProto.All(known => known.Name != attribute.RefAttrName))
        {
            context.Problems.Add(
                $"{where}: attribute '{name}' refers to attribute '{PrintableText.Shorten(attribute.RefAttrName)}', which the "
                + "function does not have.");
        }
    }

    // Messages have no default that an absent one could stand for.
    private static bool IsMissing(AttributeProto attribute) => attribute.Type switch
    {
        AttributeType.Tensor => attribute.T is null,
        AttributeType.Graph => attribute.G is null,
        AttributeType.TypeProto => attribute.Tp is null,
        _ => false,
    };

    private static IEnumerable<AttributeType> Held(AttributeProto attribute)
    {
        if (attribute.HasF)
            yield return AttributeType.Float;
        if (attribute.HasI)
            yield return AttributeType.Int;
        if (attribute.HasS)
            yield return AttributeType.String;
        if (attribute.T is not null)
            yield return AttributeType.Tensor;
        if (attribute.G is not null)
            yield return AttributeType.Graph;
        if (attribute.Tp is not null)
            yield return AttributeType.TypeProto;
        if (attribute.Floats.Count > 0)
            yield return AttributeType.Floats;
        if (attribute.Ints.Count > 0)
            yield return AttributeType.Ints;
        if (attribute.Strings.Count > 0)
            yield return AttributeType.Strings;
        if (attribute.Tensors.Count > 0)
            yield return AttributeType.Tensors;
        if (attribute.Graphs.Count > 0)
            yield return AttributeType.Graphs;
        if (attribute.TypeProtos.Count > 0)
            yield return AttributeType.TypeProtos;
    }
}
