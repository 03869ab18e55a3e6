using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Checking;

/// <summary>
/// Checks the names of a graph (https://github.com/onnx/onnx/blob/main/docs/IR.md): each value made once, and before it
/// is read.
/// </summary>
internal static class GraphChecker
{
    /// <summary>Checks a graph and those inside its nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="context">What holds in it.</param>
    /// <param name="outer">The names around it; null for the main graph.</param>
    /// <param name="place">The words that say where a nested graph is.</param>
    public static void Check(GraphProto graph, CheckContext context, ValueScope? outer = null, string place = "")
    {
        if (graph.Name.Length == 0)
            context.Problems.Add($"The graph{place} has no name.");
        var scope = new ValueScope(outer);
        AddInputs(graph, context, scope, outer is null, place);
        AddInitializers(graph, context, scope, place);
        CheckNodes(graph.Node, context, scope, place);
        CheckOutputs(graph, context, scope, outer is null, place);
        foreach (string twice in graph.ValueInfo.CountBy(info => info.Name).Where(pair => pair.Value > 1).Select(pair => pair.Key))
            context.Problems.Add($"Value '{PrintableText.Shorten(twice)}'{place} is declared more than once in value_info.");
    }

    /// <summary>Checks nodes in their order, and adds what they make to the names.</summary>
    public static void CheckNodes(IList<NodeProto> nodes, CheckContext context, ValueScope scope, string place)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        NodeOrder? order = null;
        for (int index = 0; index < nodes.Count; index++)
        {
            NodeProto node = nodes[index];
            string where = NodeChecker.Describe(node, index, place);
            if (node.Name.Length > 0 && !names.Add(node.Name))
                context.Problems.Add($"{where} has the name of an earlier node.");
            // Finding out why takes time, which a hostile file must not get for each of its nodes.
            foreach (string input in node.Input.Where(input => input.Length > 0 && !scope.Has(input) && !context.Problems.IsFull))
            {
                context.Problems.Add(
                    $"{where} reads '{PrintableText.Shorten(input)}', {(order ??= new NodeOrder(nodes)).WhyMissing(index, input)}.");
            }
            NodeChecker.Check(node, context, scope, where);
            foreach (string output in node.Output.Where(output => output.Length > 0))
            {
                if (scope.Has(output))
                {
                    context.Problems.Add(
                        $"{where} makes '{PrintableText.Shorten(output)}', which exists "
                        + $"already{(scope.HasOuter(output) ? " in a graph around it" : "")}.");
                }
                scope.Add(output);
            }
        }
    }

    private static void AddInputs(GraphProto graph, CheckContext context, ValueScope scope, bool main, string place)
    {
        foreach (ValueInfoProto input in graph.Input)
        {
            if (input.Name.Length == 0 || !scope.Add(input.Name))
                context.Problems.Add($"Input '{PrintableText.Shorten(input.Name)}'{place} is declared twice or has no name.");
            else if (scope.HasOuter(input.Name))
                context.Problems.Add($"Input '{PrintableText.Shorten(input.Name)}'{place} has the name of a value in a graph around it.");
            if (main)
                CheckDeclaration(input, "Input", context);
        }
    }

    private static void AddInitializers(GraphProto graph, CheckContext context, ValueScope scope, string place)
    {
        var stored = new HashSet<string>(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            string name = PrintableText.Shorten(tensor.Name);
            if (tensor.Name.Length == 0 || !stored.Add(tensor.Name))
                context.Problems.Add($"Initializer '{name}'{place} is stored twice or has no name.");
            else if (context.IrVersion <= 3 && !scope.HasOwn(tensor.Name))
            {
                context.Problems.Add(
                    $"Initializer '{name}'{place} is not among the inputs, where version 3 of the file format wants it; "
                    + "declare it, or use version 4.");
            }
            else if (scope.HasOuter(tensor.Name))
                context.Problems.Add($"Initializer '{name}'{place} has the name of a value in a graph around it.");
            scope.Add(tensor.Name);
        }
    }

    private static void CheckOutputs(GraphProto graph, CheckContext context, ValueScope scope, bool main, string place)
    {
        if (graph.Output.Count == 0 && main)
            context.Problems.Add("The graph has no output.");
        foreach (ValueInfoProto output in graph.Output)
        {
            if (!scope.HasOwn(output.Name))
            {
                context.Problems.Add(
                    $"Output '{PrintableText.Shorten(output.Name)}'{place} is made by no "
                    + $"node{(scope.HasOuter(output.Name) ? " of this graph; it belongs to one around it: pass it through an Identity node" : "")}.");
            }
            if (main)
                CheckDeclaration(output, "Output", context);
        }
        foreach ((string name, int count) in graph.Output.CountBy(output => output.Name).Where(pair => pair.Value > 1))
            context.Problems.Add($"Output '{PrintableText.Shorten(name)}'{place} is declared {count} times.");
    }

    private static void CheckDeclaration(ValueInfoProto info, string kind, CheckContext context)
    {
        string what = $"{kind} '{PrintableText.Shorten(info.Name)}'";
        if (TypeNames.Of(info.Type) is null)
            context.Problems.Add($"{what} has no element type, or one that is not known here.");
        else if (info.Type.TensorType is { Shape: null })
            context.Problems.Add($"{what} has no shape; declare it, with open sizes where they are not fixed.");
    }
}
