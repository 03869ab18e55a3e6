using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Inference;

/// <summary>Finds out what a node makes.</summary>
internal static class NodeInference
{
    /// <summary>What is known of the node's outputs.</summary>
    public static ImmutableArray<ValueFacts?> Infer(GraphInference graph, InferenceSettings settings, NodeProto node, string where)
    {
        ValueFacts?[] inputs = [.. node.Input.Select(graph.Find)];
        if (settings.Functions.TryGetValue((node.Domain, node.OpType, node.Overload), out FunctionProto? function))
            return FunctionInference.Infer(settings, node, function, inputs, where);
        if (!StandardOperators.IsStandardDomain(node.Domain))
        {
            ControlFlowInference.VisitGraphs(graph, settings, node, where);
            return [];
        }
        // An operator that does not exist, or with wrong numbers of inputs, is a problem of its own.
        OperatorSchema? schema = StandardOperators.Knows(settings.Opset) ? StandardOperators.Find(node.OpType, settings.Opset) : null;
        bool sound = schema is null
            || (node.Input.Count >= schema.MinInputs && node.Input.Count <= schema.MaxInputs && node.Output.Count <= schema.MaxOutputs);
        string?[] types = schema is null || !sound
            ? new string?[node.Output.Count]
            : TypeRules.Infer(node, schema, inputs, where, settings.Problems);
        ImmutableArray<ValueFacts?> inner = ControlFlowInference.Infer(graph, settings, node, inputs, where);
        if (!inner.IsDefault)
            return inner;
        if (!sound)
            return [];
        var shapes = new NodeShapes(node, inputs);
        ImmutableArray<OnnxDimension>[] found = Guard(() => ShapeRules.Infer(shapes), [], where, settings);
        ImmutableArray<IntegerElement> elements = Guard(() => Elements(shapes), default, where, settings);
        return
        [
            .. types.Select((type, index) => new ValueFacts
            {
                Type = type,
                Shape = index < found.Length ? found[index] : default,
                Stored = index == 0 && node.OpType == "Constant" ? NodeAttributes.Find(node, "value")?.T : null,
                Elements = index == 0 ? elements : default,
            }),
        ];
    }

    // Numbers may overflow, which a run then does too; only where they are sizes is that a fault, and there it is found.
    private static ImmutableArray<IntegerElement> Elements(NodeShapes node)
    {
        try
        {
            return ElementRules.Infer(node);
        }
        catch (ArithmeticException)
        {
            return default;
        }
    }

    private static T Guard<T>(Func<T> rule, T fallback, string where, InferenceSettings settings)
    {
        try
        {
            return rule();
        }
        catch (ShapeConflictException conflict)
        {
            settings.Problems.Add($"{where}: {conflict.Message}.");
        }
        catch (OverflowException)
        {
            settings.Problems.Add($"{where}: its sizes are too large for 64-bit numbers.");
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException)
        {
            // A rule reads what the operator's specification promises; a node that breaks the promise is at fault.
            settings.Problems.Add($"{where}: its inputs have other shapes than the operator takes.");
        }
        return fallback;
    }
}
