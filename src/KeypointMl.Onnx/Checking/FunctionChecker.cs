using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;
using FunctionId = (string Domain, string Name, string Overload);

namespace KeypointMl.Onnx.Checking;

/// <summary>Checks the functions that a model brings along (https://github.com/onnx/onnx/blob/main/docs/IR.md#functions).</summary>
internal static class FunctionChecker
{
    // What the official checker allows; a runtime writes each call out in place.
    private const int MaxCallDepth = 100;

    /// <summary>The functions by what identifies them; of equal ones the first.</summary>
    public static Dictionary<FunctionId, FunctionProto> ById(ModelProto model)
    {
        var functions = new Dictionary<FunctionId, FunctionProto>();
        foreach (FunctionProto function in model.Functions)
            functions.TryAdd((function.Domain, function.Name, function.Overload), function);
        return functions;
    }

    /// <summary>Checks all functions of a model.</summary>
    public static void Check(ModelProto model, CheckContext context)
    {
        if (model.Functions.Count > 0 && context.IrVersion < 8)
        {
            context.Problems.Add(
                $"The model brings functions along, which version 8 of the file format introduced; it has version {context.IrVersion}.");
        }
        if (context.Functions.Count != model.Functions.Count)
            context.Problems.Add("Two of the model's functions have the same domain, name and overload.");
        foreach (FunctionProto function in model.Functions)
            CheckBody(function, context);
        FindCycle(context);
    }

    private static void CheckBody(FunctionProto function, CheckContext model)
    {
        string place = $", in function '{PrintableText.Shorten(function.Name)}'";
        if (function.Name.Length == 0 || StandardOperators.IsStandardDomain(function.Domain))
            model.Problems.Add($"A function{place} needs a name and a domain of its own.");
        foreach (string twice in function.OpsetImport.CountBy(import => StandardOperators.IsStandardDomain(import.Domain)
            ? ""
            : import.Domain).Where(pair => pair.Value > 1).Select(pair => pair.Key))
            model.Problems.Add($"The operators of domain '{PrintableText.Shorten(twice)}' are imported more than once{place}.");
        CheckContext context = model with { Opsets = CheckContext.Imports(function.OpsetImport), Function = function };
        var scope = new ValueScope(null);
        foreach (string input in function.Input)
        {
            if (input.Length == 0 || !scope.Add(input))
                model.Problems.Add($"Input '{PrintableText.Shorten(input)}'{place} is declared twice or has no name.");
        }
        foreach (string twice in function.Attribute.Concat(function.AttributeProto.Select(attribute => attribute.Name))
            .CountBy(name => name).Where(pair => pair.Value > 1).Select(pair => pair.Key))
            model.Problems.Add($"Attribute '{PrintableText.Shorten(twice)}'{place} is declared more than once.");
        foreach (AttributeProto attribute in function.AttributeProto)
            AttributeChecker.Check(attribute, model, $"A default{place}", isText: false);
        GraphChecker.CheckNodes(function.Node, context, scope, place);
        CheckVersions(function, context.Opset, model, place);
        foreach (string output in function.Output.Where(output => !scope.HasOwn(output)))
            model.Problems.Add($"Output '{PrintableText.Shorten(output)}'{place} is made by no node.");
        foreach (string twice in function.Output.CountBy(output => output).Where(pair => pair.Value > 1).Select(pair => pair.Key))
            model.Problems.Add($"Output '{PrintableText.Shorten(twice)}'{place} is declared more than once.");
    }

    // A runtime that writes the call out in place uses the model's version of the operators.
    private static void CheckVersions(FunctionProto function, long opset, CheckContext model, string place)
    {
        if (!StandardOperators.Knows(opset) || !StandardOperators.Knows(model.Opset))
            return;
        for (int index = 0; index < function.Node.Count; index++)
        {
            NodeProto node = function.Node[index];
            if (StandardOperators.IsStandardDomain(node.Domain)
                && StandardOperators.Find(node.OpType, opset)?.Since != StandardOperators.Find(node.OpType, model.Opset)?.Since)
            {
                model.Problems.Add($"{NodeChecker.Describe(node, index, place)} is written for opset {opset}; "
                    + $"the model has opset {model.Opset}, in which the operator differs.");
            }
        }
    }

    private static void FindCycle(CheckContext context)
    {
        // Functions on the way to the one looked at are "open"; one that is reached again while open calls itself.
        var state = new Dictionary<FunctionId, bool>();
        foreach (FunctionId id in context.Functions.Keys.Where(id => !state.ContainsKey(id)).ToArray())
            Visit(id);

        void Visit(FunctionId start)
        {
            if (state.ContainsKey(start))
                return;
            var path = new Stack<(FunctionId Id, IEnumerator<FunctionId> Calls)>();
            Open(start);
            while (path.TryPeek(out (FunctionId Id, IEnumerator<FunctionId> Calls) top))
            {
                if (!top.Calls.MoveNext())
                {
                    state[path.Pop().Id] = false;
                    continue;
                }
                FunctionId callee = top.Calls.Current;
                if (!state.TryGetValue(callee, out bool open))
                {
                    Open(callee);
                }
                else if (open)
                {
                    IEnumerable<string> cycle = path.Select(step => step.Id).TakeWhile(id => id != callee).Reverse()
                        .Select(id => $"'{PrintableText.Shorten(id.Name)}' → ");
                    context.Problems.Add(
                        "A cycle of functions that call one another: "
                        + $"'{PrintableText.Shorten(callee.Name)}' → {string.Concat(cycle.Take(8))}'{PrintableText.Shorten(callee.Name)}'.");
                    return;
                }
                if (path.Count > MaxCallDepth)
                {
                    context.Problems.Add(
                        $"Functions call one another more than {MaxCallDepth} deep, from '{PrintableText.Shorten(start.Name)}' on.");
                    return;
                }
            }

            void Open(FunctionId id)
            {
                state[id] = true;
                path.Push((id, Calls(context.Functions[id], context).GetEnumerator()));
            }
        }
    }

    private static IEnumerable<FunctionId> Calls(FunctionProto function, CheckContext context)
    {
        var waiting = new Stack<NodeProto>(function.Node);
        while (waiting.TryPop(out NodeProto? node))
        {
            if (context.Functions.ContainsKey((node.Domain, node.OpType, node.Overload)))
                yield return (node.Domain, node.OpType, node.Overload);
            foreach (NodeProto inner in node.Attribute.SelectMany(ModelWalk.GraphsOf).SelectMany(graph => graph.Node))
                waiting.Push(inner);
        }
    }
}
