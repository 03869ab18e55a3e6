using System.Collections.Immutable;
using KeypointMl.Onnx.Checking;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Inference;

/// <summary>
/// Finds out what a call of one of the model's functions makes, by following its body with the call's inputs and
/// attributes.
/// </summary>
internal static class FunctionInference
{
    /// <summary>What is known of the call's outputs.</summary>
    public static ImmutableArray<ValueFacts?> Infer(
        InferenceSettings settings, NodeProto call, FunctionProto function, ValueFacts?[] inputs, string where)
    {
        if (!settings.Budget.TryEnter(function))
            return [];
        try
        {
            // Only the outermost call is named: the chain of all would grow with each one.
            string outermost = settings.Call ?? where;
            string place = $", in function '{PrintableText.Shorten(function.Name)}' called by {outermost}";
            long opset = CheckContext.Imports(function.OpsetImport).GetValueOrDefault("");
            HashSet<string> omitted = [.. function.Input.Where((_, index) => index >= call.Input.Count || call.Input[index].Length == 0)];
            GraphProto body = Body(call, function, omitted);
            if (omitted.Count > 0)
                NodeChecker.CheckInputs(body.Node, opset, settings.Problems, place);
            ValueFacts?[] given = [.. inputs.Take(function.Input.Count).Where((_, index) => !omitted.Contains(function.Input[index]))];
            GraphInference inner = GraphInference.Run(body, settings with { Opset = opset, Call = outermost }, given: given, place: place);
            return [.. function.Output.Select(inner.Find)];
        }
        finally
        {
            settings.Budget.Leave();
        }
    }

    private static GraphProto Body(NodeProto call, FunctionProto function, HashSet<string> omitted)
    {
        var body = new GraphProto { Name = function.Name };
        body.Input.AddRange(function.Input.Where(input => !omitted.Contains(input)).Select(input => new ValueInfoProto { Name = input }));
        body.ValueInfo.AddRange(function.ValueInfo);
        body.Node.AddRange(function.Node.Select(node => node.Clone()));
        foreach ((NodeProto node, _) in ModelWalk.Nodes(body.Node))
        {
            // An input that the call leaves out is left out wherever the body reads it.
            for (int index = 0; index < node.Input.Count; index++)
            {
                if (omitted.Contains(node.Input[index]))
                    node.Input[index] = "";
            }
            foreach (AttributeProto reference in node.Attribute.Where(attribute => attribute.RefAttrName.Length > 0).ToArray())
            {
                node.Attribute.Remove(reference);
                if ((NodeAttributes.Find(call, reference.RefAttrName)
                    ?? function.AttributeProto.FirstOrDefault(attribute => attribute.Name == reference.RefAttrName)) is not { } value)
                    continue;
                AttributeProto filled = value.Clone();
                filled.Name = reference.Name;
                node.Attribute.Add(filled);
            }
        }
        return body;
    }
}
