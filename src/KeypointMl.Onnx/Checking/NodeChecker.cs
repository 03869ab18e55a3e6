using System.Collections.Immutable;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Checking;

/// <summary>Checks a node against the specification of its operator, and the graphs inside it.</summary>
internal static class NodeChecker
{
    /// <summary>Checks a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="context">What holds where it stands.</param>
    /// <param name="scope">The names that it, and the graphs inside it, may read.</param>
    /// <param name="where">The node in the words of a sentence.</param>
    public static void Check(NodeProto node, CheckContext context, ValueScope scope, string where)
    {
        if (node.OpType.Length == 0)
            context.Problems.Add($"{where} does not say which operator it uses.");
        if (node.Input.Count == 0 && node.Output.Count == 0)
            context.Problems.Add($"{where} has neither inputs nor outputs.");
        string domain = StandardOperators.IsStandardDomain(node.Domain) ? "" : node.Domain;
        if (!context.Opsets.ContainsKey(domain))
        {
            context.Problems.Add(
                $"{where} uses an operator of domain '{PrintableText.Shorten(node.Domain)}', which the "
                + $"{(context.Function is null ? "model" : "function")} does not import; add it to opset_import.");
        }
        foreach (string twice in node.Attribute.CountBy(attribute => attribute.Name).Where(pair => pair.Value > 1).Select(pair => pair.Key))
            context.Problems.Add($"{where} has attribute '{PrintableText.Shorten(twice)}' more than once.");
        foreach (AttributeProto attribute in node.Attribute)
        {
            AttributeChecker.Check(attribute, context, where, isText: domain.Length == 0);
            foreach (GraphProto inner in ModelWalk.GraphsOf(attribute))
                GraphChecker.Check(inner, context, scope, $", in '{PrintableText.Shorten(attribute.Name)}' of {where}");
        }
        if (context.Functions.TryGetValue((node.Domain, node.OpType, node.Overload), out FunctionProto? function))
            CheckCall(node, function, context, where);
        else if (domain.Length == 0 && StandardOperators.Knows(context.Opset))
            CheckOperator(node, context, where);
    }

    /// <summary>Checks the inputs of a called function's nodes, of which the call may have left some out.</summary>
    public static void CheckInputs(IList<NodeProto> nodes, long opset, ProblemList problems, string place)
    {
        for (int index = 0; index < nodes.Count; index++)
        {
            if (StandardOperators.IsStandardDomain(nodes[index].Domain) && StandardOperators.Knows(opset)
                && StandardOperators.Find(nodes[index].OpType, opset) is { IsDeprecated: false } schema)
            {
                CheckCount(nodes[index].Input, schema.Inputs, schema.MinInputs, schema.MaxInputs, "input", problems,
                    Describe(nodes[index], index, place));
            }
        }
    }

    /// <summary>A node in the words of a sentence.</summary>
    public static string Describe(NodeProto node, int index, string place) => $"Node {ModelWalk.Describe(node, index).AsSpan(5)}{place}";

    private static void CheckOperator(NodeProto node, CheckContext context, string where)
    {
        if (StandardOperators.Find(node.OpType, context.Opset) is not { } schema)
        {
            if (StandardOperators.FirstVersion(node.OpType) is { } first)
                context.Problems.Add($"{where}: the operator exists from opset {first} on; the model has opset {context.Opset}.");
            else if (!context.TakesUnknownOperators)
            {
                context.Problems.Add(
                    $"{where}: ONNX has no operator of that name up to opset {StandardOperators.LastOpset}; "
                    + "one of another tool needs its domain.");
            }
            return;
        }
        if (schema.IsDeprecated)
        {
            context.Problems.Add(
                $"{where}: the operator must not be used any more since opset {schema.Since}; the model has opset {context.Opset}.");
            return;
        }
        CheckCount(node.Input, schema.Inputs, schema.MinInputs, schema.MaxInputs, "input", context.Problems, where);
        CheckCount(node.Output, schema.Outputs, schema.MinOutputs, schema.MaxOutputs, "output", context.Problems, where);
        if (!schema.OutputCounts.IsEmpty && !schema.OutputCounts.Contains(node.Output.Count))
            context.Problems.Add($"{where} has {node.Output.Count} outputs; expected {string.Join(" or ", schema.OutputCounts)}.");
        foreach (AttributeProto attribute in node.Attribute)
        {
            // Two underscores mark what tools note for themselves.
            if (!attribute.Name.StartsWith("__", StringComparison.Ordinal))
                AttributeChecker.CheckAgainst(attribute, schema, context, where);
        }
        CheckAlternatives(node, context, where);
        foreach (OperatorAttribute missing in schema.Attributes.Values.Where(
            known => known.IsRequired && node.Attribute.All(attribute => attribute.Name != known.Name)))
            context.Problems.Add($"{where} lacks its required attribute '{missing.Name}'.");
    }

    // What the operators' texts ask for beyond their lists of inputs and attributes.
    private static void CheckAlternatives(NodeProto node, CheckContext context, string where)
    {
        bool Has(int input) => node.Input.Count > input && node.Input[input].Length > 0;
        bool isCounted = NodeAttributes.Find(node, "num_outputs") is not null;
        if (node.OpType == "Split" && context.Opset >= 18 && Has(1) == isCounted)
        {
            context.Problems.Add(isCounted
                ? $"{where} has both the input 'split' and the attribute 'num_outputs'; expected one of them."
                : $"{where} has neither the input 'split' nor the attribute 'num_outputs'; expected one of them.");
        }
        if (node.OpType == "Resize" && context.Opset >= 13 && !Has(2) && !Has(3))
            context.Problems.Add($"{where} has neither the input 'scales' nor 'sizes'; expected one of them.");
        int values = node.Attribute.Count(attribute => attribute.Name.Contains("value", StringComparison.Ordinal));
        if (node.OpType == "Constant" && context.Opset >= 11 && values != 1)
            context.Problems.Add($"{where} has {values} attributes with a value; expected one of value, value_int, value_float and the like.");
    }

    private static void CheckCount(
        IList<string> names,
        ImmutableArray<OperatorParameter> parameters,
        int min,
        int max,
        string kind,
        ProblemList problems,
        string where)
    {
        if (names.Count < min || names.Count > max)
            problems.Add($"{where} has {names.Count} {kind}s; expected {min}{(max == int.MaxValue ? " or more" : $" to {max}")}.");
        for (int index = 0; index < names.Count; index++)
        {
            // Of any number of outputs, as those of Split, some may be unused.
            if (names[index].Length == 0 && OperatorSchema.At(parameters, index) is { IsOptional: false } parameter
                && !(parameter.IsVariadic && kind == "output"))
                problems.Add($"{where} leaves {kind} {index} ({parameter.Name}) out, which is required.");
        }
    }

    private static void CheckCall(NodeProto node, FunctionProto function, CheckContext context, string where)
    {
        if (node.Input.Count > function.Input.Count)
            context.Problems.Add($"{where} has {node.Input.Count} inputs; the model's function of that name has {function.Input.Count}.");
        if (node.Output.Count > function.Output.Count)
        {
            context.Problems.Add(
                $"{where} has {node.Output.Count} outputs; the model's function of that name has {function.Output.Count}.");
        }
    }
}
