using System.Collections.Immutable;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Inference;

/// <summary>Finds out what If, Loop and Scan make from the graphs inside them.</summary>
internal static class ControlFlowInference
{
    /// <summary>What is known of the outputs; default for other operators, whose nested graphs, if any, are only checked.</summary>
    public static ImmutableArray<ValueFacts?> Infer(
        GraphInference graph, InferenceSettings settings, NodeProto node, ValueFacts?[] inputs, string where)
    {
        switch (node.OpType)
        {
            case "If":
                return If(graph, settings, node, where);
            case "Loop" when Body(node) is { } body:
                return Loop(graph, settings, node, body, inputs, where);
            // Opset 8's Scan has a batch axis in front and is not followed.
            case "Scan" when settings.Opset >= 9 && Body(node) is { } body:
                return Scan(graph, settings, node, body, inputs, where);
            default:
                VisitGraphs(graph, settings, node, where);
                return default;
        }
    }

    /// <summary>Checks the graphs inside a node without knowing what it feeds them.</summary>
    public static void VisitGraphs(GraphInference graph, InferenceSettings settings, NodeProto node, string where)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            foreach (GraphProto inner in ModelWalk.GraphsOf(attribute))
                GraphInference.Run(inner, settings, graph, place: Place(attribute.Name, where));
        }
    }

    private static ImmutableArray<ValueFacts?> If(GraphInference graph, InferenceSettings settings, NodeProto node, string where)
    {
        var results = new List<ImmutableArray<ValueFacts?>>();
        foreach (AttributeProto branch in node.Attribute.Where(attribute => attribute.Name is "then_branch" or "else_branch"
            && attribute.G is not null))
        {
            GraphInference inner = GraphInference.Run(branch.G, settings, graph, place: Place(branch.Name, where));
            RequireOutputs(branch.G, node.Output.Count, branch.Name, where, settings);
            // Up to version 3 of the format stored tensors are inputs, too.
            int fed = branch.G.Input.Count(input => branch.G.Initializer.All(stored => stored.Name != input.Name));
            if (fed > 0)
            {
                settings.Problems.Add(
                    $"{where}: its {branch.Name} has {fed} inputs, which nothing feeds; expected none: it reads the values around it.");
            }
            results.Add([.. branch.G.Output.Select(output => inner.Find(output.Name))]);
        }
        if (results.Count != 2)
            return [];
        return [.. Enumerable.Range(0, node.Output.Count)
            .Select(index => index < results[0].Length && index < results[1].Length
                ? Either(results[0][index], results[1][index], node.Output[index], where, settings)
                : null)];
    }

    // The branches must agree on the type; on the shape only as far as it is the same.
    private static ValueFacts? Either(ValueFacts? left, ValueFacts? right, string output, string where, InferenceSettings settings)
    {
        if (left is null || right is null)
            return null;
        if (left.Type is not null && right.Type is not null && left.Type != right.Type)
        {
            settings.Problems.Add(
                $"{where}: its branches make '{PrintableText.Shorten(output)}' as {left.Type} and as {right.Type}; expected the same type.");
            return null;
        }
        Shape shape = left.Shape.IsDefault || right.Shape.IsDefault || left.Shape.Length != right.Shape.Length
            ? default
            : [.. left.Shape.Zip(right.Shape).Select(pair => pair.First == pair.Second ? pair.First : OnnxDimension.Unknown)];
        return new ValueFacts { Type = left.Type ?? right.Type, Shape = shape };
    }

    // Body: iteration, condition, carried values → condition, carried values, one slice of each collected output.
    private static ImmutableArray<ValueFacts?> Loop(
        GraphInference graph, InferenceSettings settings, NodeProto node, GraphProto body, ValueFacts?[] inputs, string where)
    {
        int carried = Math.Max(0, inputs.Length - 2);
        if (body.Input.Count != carried + 2)
        {
            settings.Problems.Add(
                $"{where}: its body has {body.Input.Count} inputs; expected {carried + 2}: "
                + $"iteration, condition and {carried} carried values.");
        }
        RequireOutputs(body, node.Output.Count + 1, "body", where, settings);
        // A carried value may change its shape from one iteration to the next.
        ValueFacts?[] given = [new ValueFacts
        {
            Type = TypeNames.Int64,
        }, new ValueFacts { Type = TypeNames.Bool }, .. inputs.Skip(2).Select(facts => new ValueFacts { Type = facts?.Type })];
        GraphInference inner = GraphInference.Run(body, settings, graph, given, Place("body", where));
        ValueFacts?[] made = [.. body.Output.Skip(1).Select(output => inner.Find(output.Name))];
        return [.. made.Select((facts, index) => facts is null ? null : index < carried ? new ValueFacts
        {
            Type = facts.Type,
        } : Collected(facts, OnnxDimension.Unknown, 0))];
    }

    // Body: states, one slice of each scanned input → states, one slice of each collected output.
    private static ImmutableArray<ValueFacts?> Scan(
        GraphInference graph, InferenceSettings settings, NodeProto node, GraphProto body, ValueFacts?[] inputs, string where)
    {
        int scanned = (int)Math.Clamp(NodeAttributes.Int(node, "num_scan_inputs", 0), 0, inputs.Length);
        int states = inputs.Length - scanned;
        if (body.Input.Count != inputs.Length)
            settings.Problems.Add($"{where}: its body has {body.Input.Count} inputs; expected {inputs.Length}, as the node has.");
        RequireOutputs(body, node.Output.Count, "body", where, settings);
        long[] inputAxes = NodeAttributes.Ints(node, "scan_input_axes") ?? [];
        long[] outputAxes = NodeAttributes.Ints(node, "scan_output_axes") ?? [];
        OnnxDimension steps = OnnxDimension.Unknown;
        ValueFacts?[] given =
            [.. inputs.Select((facts, index) => index < states || facts is null ? State(facts) : Slice(facts, index - states))];
        GraphInference inner = GraphInference.Run(body, settings, graph, given, Place("body", where));
        ValueFacts?[] made = [.. body.Output.Select(output => inner.Find(output.Name))];
        return [.. made.Select((facts, index) => facts is null || index < states
            ? State(facts)
            : Collected(facts, steps, At(outputAxes, index - states)))];

        // Every pass has another value of it.
        static ValueFacts? State(ValueFacts? facts) => facts is null ? null : new ValueFacts { Type = facts.Type, Shape = facts.Shape };

        ValueFacts Slice(ValueFacts facts, int index)
        {
            if (facts.Shape.IsDefault || facts.Shape.Length == 0)
                return new ValueFacts { Type = facts.Type };
            long axis = At(inputAxes, index);
            if (axis < -facts.Shape.Length || axis >= facts.Shape.Length)
            {
                settings.Problems.Add(
                    $"{where}: scan_input_axes has axis {axis}, which '{PrintableText.Shorten(node.Input[states + index])}' of "
                    + $"{facts.Shape.Length} dimensions does not have.");
                return new ValueFacts { Type = facts.Type };
            }
            int at = NodeShapes.Axis(axis, facts.Shape.Length);
            steps = facts.Shape[at];
            return new ValueFacts { Type = facts.Type, Shape = facts.Shape.RemoveAt(at) };
        }
    }

    private static ValueFacts Collected(ValueFacts slice, OnnxDimension steps, long axis)
    {
        Shape shape = slice.Shape;
        int rank = shape.IsDefault ? 0 : shape.Length + 1;
        bool known = !shape.IsDefault && axis >= -rank && axis < rank;
        return new ValueFacts { Type = slice.Type, Shape = known ? shape.Insert((int)(axis < 0 ? axis + rank : axis), steps) : default };
    }

    private static long At(long[] axes, int index) => index < axes.Length ? axes[index] : 0;

    private static GraphProto? Body(NodeProto node) => NodeAttributes.Find(node, "body")?.G;

    private static void RequireOutputs(GraphProto inner, int expected, string name, string where, InferenceSettings settings)
    {
        if (inner.Output.Count != expected)
            settings.Problems.Add($"{where}: its {name} has {inner.Output.Count} outputs; expected {expected}.");
    }

    private static string Place(string attribute, string where) => $", in '{PrintableText.Shorten(attribute)}' of {where}";
}
