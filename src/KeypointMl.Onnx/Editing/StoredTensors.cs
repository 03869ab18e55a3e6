using Google.Protobuf.Collections;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Editing;

/// <summary>
/// The stored tensors of a graph that is being changed. Before version 4 of the format each was an input too, which
/// nobody need feed; since then one that is an input is that input's default.
/// </summary>
internal sealed class StoredTensors
{
    private const int FirstIrWithPlainInitializers = 4;

    private readonly GraphProto graph;
    private readonly bool areInputs;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly HashSet<string> inputs;

    public StoredTensors(GraphProto graph, long irVersion)
    {
        this.graph = graph;
        areInputs = irVersion < FirstIrWithPlainInitializers;
        inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        Index();
    }

    /// <summary>Whether some stored tensor is the mere default of an input, so that a caller may feed another.</summary>
    public bool AnyIsOverridable => places.Keys.Any(IsOverridable);

    /// <summary>Whether a value is an input of the graph.</summary>
    public bool IsInput(string value) => inputs.Contains(value);

    /// <summary>The stored tensor that a value always is; null if there is none, or if it is the mere default of an input.</summary>
    public TensorProto? Constant(string value) =>
        places.TryGetValue(value, out int index) && !IsOverridable(value) ? graph.Initializer[index] : null;

    /// <summary>Stores a tensor under its name.</summary>
    public void Add(TensorProto tensor)
    {
        places.Add(tensor.Name, graph.Initializer.Count);
        graph.Initializer.Add(tensor);
        if (!areInputs)
            return;
        graph.Input.Add(InputOf(tensor));
        inputs.Add(tensor.Name);
    }

    /// <summary>Puts another tensor in the place of one of the same name.</summary>
    public void Replace(TensorProto tensor)
    {
        graph.Initializer[places[tensor.Name]] = tensor;
        if (areInputs)
            graph.Input[graph.Input.Select(info => info.Name).ToList().IndexOf(tensor.Name)] = InputOf(tensor);
    }

    /// <summary>Removes those that a condition holds for, but for defaults of inputs, which would then have to be fed.</summary>
    /// <returns>Their names.</returns>
    public string[] RemoveWhere(Func<TensorProto, bool> condition)
    {
        TensorProto[] kept = [.. graph.Initializer.Where(tensor => IsOverridable(tensor.Name) || !condition(tensor))];
        if (kept.Length == graph.Initializer.Count)
            return [];
        string[] gone = [.. graph.Initializer.Select(tensor => tensor.Name).Except(kept.Select(tensor => tensor.Name))];
        graph.Initializer.Reset(kept);
        Index();
        inputs.ExceptWith(gone);
        if (areInputs)
            graph.Input.Reset([.. graph.Input.Where(input => inputs.Contains(input.Name))]);
        return gone;
    }

    private static ValueInfoProto InputOf(TensorProto tensor) => new OnnxValueInfo(
        tensor.Name, (OnnxElementType)tensor.DataType, [.. tensor.Dims.Select(size => new OnnxDimension(size))]).ToProto();

    private bool IsOverridable(string value) => !areInputs && inputs.Contains(value);

    private void Index()
    {
        places.Clear();
        for (int index = 0; index < graph.Initializer.Count; index++)
            places[graph.Initializer[index].Name] = index;
    }
}

/// <summary>Lists of messages that are written anew.</summary>
internal static class RepeatedFieldExtensions
{
    /// <summary>Puts other items in the place of all.</summary>
    public static void Reset<T>(this RepeatedField<T> field, IReadOnlyList<T> items)
    {
        field.Clear();
        field.AddRange(items);
    }
}
