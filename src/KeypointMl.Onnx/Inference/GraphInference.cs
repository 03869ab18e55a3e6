using System.Collections.Immutable;
using KeypointMl.Onnx.Checking;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Inference;

/// <summary>
/// Finds out the types and shapes of a graph's values, node by node: from the inputs and stored tensors by the rules of
/// the operators, and else from what the file declares. What contradicts itself, an operator or a declaration is
/// listed; what cannot be found out is left out. Graphs inside nodes see the values around them.
/// </summary>
internal sealed class GraphInference
{
    // More dimensions than any operator or runtime takes; following them would let a small file take much time.
    private const int MaxRank = 64;

    private readonly Dictionary<string, ValueFacts> values = new(StringComparer.Ordinal);
    private readonly GraphInference? outer;
    private readonly InferenceSettings settings;

    private GraphInference(InferenceSettings settings, GraphInference? outer) => (this.settings, this.outer) = (settings, outer);

    /// <summary>What is known of the values made in this graph, its inputs and initializers included.</summary>
    public IReadOnlyDictionary<string, ValueFacts> Values => values;

    /// <summary>Infers a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="settings">The opset, the sizes given and the list of problems.</param>
    /// <param name="outer">The graph around it, or null.</param>
    /// <param name="given">What the node around it says of its inputs.</param>
    /// <param name="place">The words that say where a nested graph is.</param>
    public static GraphInference Run(
        GraphProto graph,
        InferenceSettings settings,
        GraphInference? outer = null,
        IReadOnlyList<ValueFacts?>? given = null,
        string place = "")
    {
        var inference = new GraphInference(settings, outer);
        inference.AddSources(graph, given ?? [], place);
        inference.AddNodes(graph, place);
        settings.Visited?.Invoke(graph, inference);
        return inference;
    }

    /// <summary>What is known of a value here or in a graph around; null if nothing.</summary>
    public ValueFacts? Find(string name) => name.Length == 0 ? null : values.GetValueOrDefault(name) ?? outer?.Find(name);

    private void AddSources(GraphProto graph, IReadOnlyList<ValueFacts?> given, string place)
    {
        for (int index = 0; index < graph.Input.Count; index++)
        {
            ValueInfoProto input = graph.Input[index];
            ValueFacts declared = Declared(input);
            values[input.Name] = index < given.Count && given[index] is { } facts
                ? Reconcile(facts, declared, $"Input '{PrintableText.Shorten(input.Name)}'{place}")
                : declared;
        }
        foreach (TensorProto tensor in graph.Initializer)
        {
            var stored = new ValueFacts
            {
                Type = TypeNames.Of((OnnxElementType)tensor.DataType),
                Shape = [.. tensor.Dims.Select(size => new OnnxDimension(size))],
                Stored = tensor,
                Elements = NodeShapes.ElementsOf(tensor),
            };
            if (!values.TryGetValue(tensor.Name, out ValueFacts? input))
                values[tensor.Name] = stored;
            else if (input.Stored is null)
                values[tensor.Name] = Default(stored, input, $"Initializer '{PrintableText.Shorten(tensor.Name)}'{place}");
        }
    }

    // An input with a stored default may be fed with something else, so only its type and shape are kept.
    private ValueFacts Default(ValueFacts stored, ValueFacts input, string where) => Reconcile(stored with
    {
        Stored = null,
        Elements = default,
    }, input, where);

    private void AddNodes(GraphProto graph, string place)
    {
        var declared = new Dictionary<string, ValueInfoProto>(StringComparer.Ordinal);
        foreach (ValueInfoProto info in settings.TakesValueInfo ? graph.ValueInfo.Concat(graph.Output) : [])
            declared[info.Name] = info;
        CheckDeclared(graph, place);
        for (int index = 0; index < graph.Node.Count; index++)
        {
            NodeProto node = graph.Node[index];
            string where = NodeChecker.Describe(node, index, place);
            ImmutableArray<ValueFacts?> outputs = NodeInference.Infer(this, settings, node, where);
            for (int output = 0; output < node.Output.Count; output++)
            {
                string name = node.Output[output];
                if (name.Length == 0)
                    continue;
                ValueFacts facts = (output < outputs.Length ? outputs[output] : null) ?? new ValueFacts();
                values[name] = declared.TryGetValue(name, out ValueInfoProto? info)
                    ? Reconcile(facts, Declared(info), $"{where}: output '{PrintableText.Shorten(name)}'")
                    : Bounded(facts);
            }
        }
    }

    // What a graph declares of its own inputs and initializers: they, too, can be outputs or have a value_info.
    private void CheckDeclared(GraphProto graph, string place)
    {
        foreach (ValueInfoProto info in graph.ValueInfo.Concat(graph.Output))
        {
            if (values.TryGetValue(info.Name, out ValueFacts? facts))
                Reconcile(facts, Declared(info), $"Value '{PrintableText.Shorten(info.Name)}'{place}");
        }
    }

    private ValueFacts Declared(ValueInfoProto info)
    {
        ImmutableArray<OnnxDimension> shape = OnnxValueInfo.From(info).Dimensions;
        return Bounded(new ValueFacts
        {
            Type = TypeNames.Of(info.Type),
            Shape = shape.IsDefault
                ? shape
                : [.. shape.Select(size => size.Symbol is { } symbol && settings.Sizes.TryGetValue(symbol, out long given)
                    ? given
                    : size)],
        });
    }

    private ValueFacts Reconcile(ValueFacts found, ValueFacts declared, string what)
    {
        if (found.Type is not null && declared.Type is not null && found.Type != declared.Type)
            settings.Problems.Add($"{what} is {found.Type}; it is declared as {declared.Type}.");
        ImmutableArray<OnnxDimension> shape = found.Shape.IsDefault ? declared.Shape : found.Shape;
        if (!found.Shape.IsDefault && !declared.Shape.IsDefault)
        {
            if (found.Shape.Length != declared.Shape.Length
                || found.Shape.Zip(declared.Shape).Any(pair => pair.First.IsFixed && pair.Second.IsFixed && pair.First != pair.Second))
            {
                settings.Problems.Add($"{what} has shape [{Join(found.Shape)}]; it is declared as [{Join(declared.Shape)}].");
            }
            else
            {
                shape = [.. found.Shape.Zip(declared.Shape)
                    .Select(pair => pair.First.IsFixed || (!pair.Second.IsFixed && pair.First.Symbol is not null)
                        ? pair.First
                        : pair.Second)];
            }
        }
        return Bounded(found with { Type = found.Type ?? declared.Type, Shape = shape });
    }

    private static ValueFacts Bounded(ValueFacts facts) => facts.Shape is { IsDefault: false, Length: > MaxRank } ? facts with
    {
        Shape = default,
    } : facts;

    private static string Join(ImmutableArray<OnnxDimension> shape) => PrintableText.Shorten(string.Join(',', shape));
}
