using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>
/// Lets a graph of 32-bit floats compute in 16-bit floats (IEEE 754 binary16), with its inputs and outputs as they were: half the file, and on processors that compute in float16
/// half the memory traffic. Islands stay in 32-bit floats, with Casts at their shores.
/// </summary>
/// <remarks>
/// <para>In float16 run convolutions and matrix products whose weights fit its range, and what only moves, adds, scales, limits or pools their results. In float32 stay all other
/// operators (exponentials and softmax, sums over many elements, normalisations by an instance's own statistics, resampling by a fraction of a pixel), what follows from them or from a
/// float32 input alone (such as coordinates worked out from a softmax), nodes named in <see cref="Float32Nodes"/>, and nodes that read weights beyond ±65504.</para>
/// <para>A graph with graphs inside its nodes (If, Loop, Scan) is left alone.</para>
/// </remarks>
public sealed class Float16Conversion : IOnnxPass
{
    private const float LargestFloat16 = 65504;

    // Operators whose work is worth it, and which therefore begin a float16 part; the inputs that have the type of their arithmetic.
    private static readonly FrozenSet<string> _heavy = FrozenSet.ToFrozenSet(["Conv", "ConvTranspose", "Gemm", "MatMul"]);

    // Operators that go on in the type of what they read.
    private static readonly FrozenSet<string> _following = FrozenSet.ToFrozenSet(
    [
        "Add", "Sub", "Mul", "Neg", "Abs", "Relu", "LeakyRelu", "PRelu", "Clip", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Softsign", "Max", "Min", "Identity", "Concat", "Split", "Slice",
        "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Tile", "Gather", "Pad", "MaxPool", "AveragePool", "GlobalMaxPool", "DepthToSpace", "SpaceToDepth", "BatchNormalization",
        "Where", "Dropout", "Resize",
    ]);

    // Inputs of 32-bit floats whatever the operator computes in.
    private static readonly FrozenDictionary<string, ImmutableArray<int>> _fixedInputs = new Dictionary<string, ImmutableArray<int>> { ["Resize"] = [1, 2], ["Dropout"] = [1] }.ToFrozenDictionary();

    /// <summary>Names of nodes that stay in 32-bit floats, as precision demands. Default: none.</summary>
    public ImmutableHashSet<string> Float32Nodes { get; init; } = [];

    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var edits = new GraphEdits(model);
        if (edits.Nodes().Any(NestedGraphs.IsIn))
            return 0;
        GraphInference types = GraphInference.Run(edits.Graph, new InferenceSettings(model.Opset, ImmutableDictionary<string, long>.Empty, new ProblemList()));
        HashSet<NodeProto> half = Choose(edits, types);
        var casts = new Dictionary<(string Value, OnnxElementType To), string>();
        var halfValues = half.SelectMany(node => FloatOutputs(node, types)).ToHashSet(StringComparer.Ordinal);
        foreach (NodeProto node in edits.Nodes().ToArray())
        {
            for (int input = 0; input < node.Input.Count; input++)
            {
                string value = node.Input[input];
                if (!IsFloat(value, types))
                    continue;
                bool wanted = half.Contains(node) && !IsFixed(node, input);
                if (wanted != halfValues.Contains(value))
                    edits.SetInput(node, input, Converted(edits, casts, node, value, wanted ? OnnxElementType.Float16 : OnnxElementType.Float));
            }
        }
        foreach (NodeProto node in half)
            KeepOutputs(edits, node, types);
        foreach (string value in halfValues)
            edits.Forget(value);
        edits.RemoveUnusedInitializers();
        edits.Commit();
        return half.Count;
    }

    private HashSet<NodeProto> Choose(GraphEdits edits, GraphInference types)
    {
        var half = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (NodeProto node in edits.Nodes().Where(node => GraphEdits.IsStandard(node) && !Float32Nodes.Contains(node.Name) && node.Input.Count > 0 && Fits(edits, node)))
        {
            string[] computed = [.. node.Input.Where((value, input) => IsFloat(value, types) && !IsFixed(node, input) && edits.Constant(value) is null)];
            if (_heavy.Contains(node.OpType) ? computed.Length > 0 : _following.Contains(node.OpType) && computed.Length > 0 && computed.All(IsHalf) && Follows(node))
                half.Add(node);
        }
        return half;

        bool IsHalf(string value) => edits.Maker(value) is { } maker && half.Contains(maker);
    }

    // Copying a neighbour is exact in any type; interpolating in float16 is not what runtimes do.
    private static bool Follows(NodeProto node) => node.OpType != "Resize" || NodeAttributes.Text(node, "mode", "nearest") == "nearest";

    private static bool Fits(GraphEdits edits, NodeProto node)
    {
        for (int input = 0; input < node.Input.Count; input++)
        {
            if (IsFixed(node, input) || edits.FloatConstant(node, input) is not { } tensor)
                continue;
            foreach (float value in TensorData.Floats(tensor))
            {
                if (!(MathF.Abs(value) <= LargestFloat16))
                    return false;
            }
        }
        return true;
    }

    private static string Converted(GraphEdits edits, Dictionary<(string, OnnxElementType), string> casts, NodeProto reader, string value, OnnxElementType to)
    {
        if (casts.TryGetValue((value, to), out string? known))
            return known;
        string hint = $"{value}/{(to == OnnxElementType.Float16 ? "float16" : "float32")}";
        if (edits.Constant(value) is { } stored)
        {
            TensorProto tensor = Halved(edits.UniqueName(hint), stored);
            edits.Store(tensor);
            return casts[(value, to)] = tensor.Name;
        }
        NodeProto cast = edits.NewNode(hint, "Cast", [value], OnnxAttribute.Int("to", (long)to));
        // Readers come in the graph's order, so that the first one that needs the cast is the place for it.
        edits.InsertBefore(reader, cast);
        return casts[(value, to)] = cast.Output[0];
    }

    private static TensorProto Halved(string name, TensorProto tensor)
    {
        ReadOnlySpan<float> values = TensorData.Floats(tensor);
        var halves = new Half[values.Length];
        for (int index = 0; index < values.Length; index++)
            halves[index] = (Half)values[index];
        return TensorData.Wrap(name, OnnxElementType.Float16, MemoryMarshal.AsBytes<Half>(halves).ToArray(), tensor.Dims);
    }

    // An output of the graph keeps its name and its type.
    private static void KeepOutputs(GraphEdits edits, NodeProto node, GraphInference types)
    {
        foreach (string output in FloatOutputs(node, types).Where(edits.IsOutput).ToArray())
        {
            string inner = edits.UniqueName($"{output}/float16");
            edits.Redirect(output, inner);
            edits.RenameOutput(node, node.Output.IndexOf(output), inner);
            var cast = new NodeProto { Name = edits.UniqueName($"{output}/float32"), OpType = "Cast" };
            cast.Input.Add(inner);
            cast.Output.Add(output);
            cast.Attribute.Add(OnnxAttribute.Int("to", (long)OnnxElementType.Float).ToProto());
            edits.Append(cast);
        }
    }

    private static bool IsFixed(NodeProto node, int input) => _fixedInputs.TryGetValue(node.OpType, out ImmutableArray<int> inputs) && inputs.Contains(input);

    private static IEnumerable<string> FloatOutputs(NodeProto node, GraphInference types) => node.Output.Where(output => IsFloat(output, types));

    private static bool IsFloat(string value, GraphInference types) => types.Find(value)?.Type == TypeNames.Float;
}
