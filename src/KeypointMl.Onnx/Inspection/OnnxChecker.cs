using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// Checks the structure of a graph as the official checker does (https://github.com/onnx/onnx/blob/main/docs/IR.md): unique names, an order in which the nodes can
/// run, every input known, and for the operators known here the number of inputs and outputs, the attributes' names and types, and the opset that brought them.
/// </summary>
public static class OnnxChecker
{
    /// <summary>Checks a model's graph.</summary>
    /// <param name="model">The model.</param>
    /// <returns>What is wrong, a sentence each; empty when nothing is.</returns>
    public static IReadOnlyList<string> Check(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var problems = new List<string>();
        GraphProto graph = model.Proto.Graph;
        HashSet<string> known = Sources(graph, problems);
        CheckNodes(graph, (int)model.Opset, known, problems);
        if (graph.Output.Count == 0)
            problems.Add("The graph has no output.");
        foreach (ValueInfoProto output in graph.Output)
        {
            if (!known.Contains(output.Name))
                problems.Add($"Output '{output.Name}' is made by no node.");
            if (OnnxValueInfo.From(output).ElementType == OnnxElementType.Undefined)
                problems.Add($"Output '{output.Name}' has no element type.");
        }
        foreach (IGrouping<string, ValueInfoProto> twice in graph.Output.GroupBy(output => output.Name).Where(group => group.Count() > 1))
            problems.Add($"Output '{twice.Key}' is declared {twice.Count()} times.");
        return problems;
    }

    /// <summary>Checks a model's graph and refuses a wrong one.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="OnnxException">Something is wrong; the message lists everything.</exception>
    public static void ThrowIfInvalid(OnnxModel model)
    {
        IReadOnlyList<string> problems = Check(model);
        if (problems.Count > 0)
            throw new OnnxException($"The graph '{model.GraphName}' breaks the rules of ONNX: {string.Join(" ", problems)}");
    }

    private static HashSet<string> Sources(GraphProto graph, List<string> problems)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (ValueInfoProto input in graph.Input)
        {
            if (input.Name.Length == 0 || !known.Add(input.Name))
                problems.Add($"Input '{input.Name}' is declared twice or has no name.");
            if (OnnxValueInfo.From(input).ElementType == OnnxElementType.Undefined)
                problems.Add($"Input '{input.Name}' has no element type.");
        }
        var stored = new HashSet<string>(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (tensor.Name.Length == 0 || !stored.Add(tensor.Name))
                problems.Add($"Initializer '{tensor.Name}' is stored twice or has no name.");
        }
        known.UnionWith(stored);
        return known;
    }

    private static void CheckNodes(GraphProto graph, int opset, HashSet<string> known, List<string> problems)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int index = 0; index < graph.Node.Count; index++)
        {
            NodeProto node = graph.Node[index];
            string where = $"Node {index} '{node.Name}' ({node.OpType})";
            if (node.Name.Length > 0 && !names.Add(node.Name))
                problems.Add($"{where} has the name of an earlier node.");
            foreach (string input in node.Input.Where(input => input.Length > 0 && !known.Contains(input)))
                problems.Add($"{where} reads '{input}', which no input, initializer or earlier node makes: a missing value, a cycle or a wrong order.");
            foreach (string output in node.Output.Where(output => output.Length > 0))
            {
                if (!known.Add(output))
                    problems.Add($"{where} makes '{output}', which exists already.");
            }
            if (node.Domain is "" or "ai.onnx")
                OnnxOperators.Check(node, opset, where, problems);
        }
    }
}
