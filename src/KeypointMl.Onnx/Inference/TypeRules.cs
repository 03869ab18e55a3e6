using KeypointMl.Onnx.Checking;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Inference;

/// <summary>Checks the types of a node's inputs against its operator and finds out those of its outputs.</summary>
internal static class TypeRules
{
    /// <summary>The types of the outputs; null where they cannot be found out.</summary>
    public static string?[] Infer(
        NodeProto node, OperatorSchema schema, IReadOnlyList<ValueFacts?> inputs, string where, ProblemList problems)
    {
        Dictionary<string, (string Type, int Input)> bound = Bind(node, schema, inputs, where, problems);
        var types = new string?[node.Output.Count];
        for (int index = 0; index < types.Length; index++)
        {
            if (OperatorSchema.At(schema.Outputs, index) is not { } parameter)
                break;
            string? type = SpecialType(node, inputs, index, where, problems);
            if (type is null && schema.Allowed(parameter).Count == 1)
                type = schema.Allowed(parameter).Single();
            else if (type is null && !parameter.MayDiffer && bound.TryGetValue(parameter.Type, out (string Type, int Input) input))
                type = input.Type;
            if (type is not null && !schema.Allowed(parameter).Contains(type))
            {
                problems.Add($"{where} would make '{PrintableText.Shorten(node.Output[index])}' as {type}; expected {List(schema, parameter)}.");
                type = null;
            }
            types[index] = type;
        }
        return types;
    }

    private static Dictionary<string, (string Type, int Input)> Bind(
        NodeProto node, OperatorSchema schema, IReadOnlyList<ValueFacts?> inputs, string where, ProblemList problems)
    {
        var bound = new Dictionary<string, (string Type, int Input)>(StringComparer.Ordinal);
        for (int index = 0; index < inputs.Count; index++)
        {
            if (OperatorSchema.At(schema.Inputs, index) is not { } parameter || inputs[index]?.Type is not { } type)
                continue;
            if (!schema.Allowed(parameter).Contains(type))
            {
                problems.Add($"{where} reads '{PrintableText.Shorten(node.Input[index])}' of type {type} as {parameter.Name}; "
                    + $"expected {List(schema, parameter)}.");
            }
            else if (!parameter.MayDiffer && !bound.TryAdd(parameter.Type, (type, index)) && bound[parameter.Type].Type != type)
            {
                problems.Add($"{where} reads '{PrintableText.Shorten(node.Input[index])}' of type {type} beside "
                    + $"'{PrintableText.Shorten(node.Input[bound[parameter.Type].Input])}' of type {bound[parameter.Type].Type}; "
                    + "expected the same type: cast one of them.");
            }
        }
        return bound;
    }

    // Outputs whose type no input or only part of one determines.
    private static string? SpecialType(NodeProto node, IReadOnlyList<ValueFacts?> inputs, int output, string where, ProblemList problems)
    {
        string? first = inputs.Count > 0 ? inputs[0]?.Type : null;
        return node.OpType switch
        {
            "Cast" or "BitCast" => Named("to", null),
            "Constant" => ConstantType(node),
            "ConstantOfShape" => NodeAttributes.Find(node, "value")?.T is { } value
                ? TypeNames.Of((OnnxElementType)value.DataType)
                : "float",
            "EyeLike" or "RandomNormalLike" or "RandomUniformLike" or "Bernoulli" => Named("dtype", first),
            "RandomNormal" or "RandomUniform" => Named("dtype", "float"),
            "Multinomial" => Named("dtype", "int32"),
            "BlackmanWindow" or "HammingWindow" or "HannWindow" or "MelWeightMatrix" => Named("output_datatype", "float"),
            "LayerNormalization" when output > 0 => Named("stash_type", "float"),
            "QuantizeLinear" when node.Input.Count < 3
                || node.Input[2].Length == 0 => NodeAttributes.Int(node, "output_dtype", 0) == 0 ? "uint8" : Named("output_dtype", null),
            "DequantizeLinear" => NodeAttributes.Int(node, "output_dtype", 0) != 0
                ? Named("output_dtype", null)
                : inputs.ElementAtOrDefault(1)?.Type,
            "SequenceEmpty" => TypeNames.Wrap("seq", Named("dtype", "float")),
            "SequenceConstruct" or "SplitToSequence" => TypeNames.Wrap("seq", first),
            "SequenceAt" or "ConcatFromSequence" => TypeNames.Unwrap("seq", first),
            "Optional" => TypeNames.Wrap("opt", NodeAttributes.Find(node, "type") is { Tp: { } type } ? TypeNames.Of(type) : first),
            "OptionalGetElement" => TypeNames.Unwrap("opt", first) ?? first,
            _ => null,
        };

        string? Named(string attribute, string? fallback)
        {
            if (NodeAttributes.Find(node, attribute) is not { } given)
                return fallback;
            if (TypeNames.Of(given.I) is not { } type)
            {
                problems.Add($"{where}: attribute '{attribute}' is {given.I}, which is no element type; "
                    + "expected a number of TensorProto.DataType.");
            }
            return TypeNames.Of(given.I);
        }
    }

    private static string? ConstantType(NodeProto node)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            switch (attribute.Name)
            {
                case "value":
                    return attribute.T is null ? null : TypeNames.Of((OnnxElementType)attribute.T.DataType);
                case "value_int" or "value_ints":
                    return TypeNames.Int64;
                case "value_float" or "value_floats":
                    return "float";
                case "value_string" or "value_strings":
                    return "string";
            }
        }
        return null;
    }

    private static string List(OperatorSchema schema, OperatorParameter parameter)
    {
        string[] all = [.. schema.Allowed(parameter).Order(StringComparer.Ordinal)];
        // Operators that take any tensor would fill a screen.
        return all.Length <= 12 ? string.Join(", ", all) : $"one of the {all.Length} types that {schema.Name} takes there";
    }
}
