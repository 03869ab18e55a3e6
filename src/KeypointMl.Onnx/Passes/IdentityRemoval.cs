using System.Collections.Immutable;
using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Passes;

/// <summary>
/// Removes nodes that give what they are given: Identity, Dropout outside of training, Cast to the type that is there,
/// Reshape, Flatten, Expand and Transpose that change nothing, Concat, Sum, Mean, Max and Min of one input, Pad by
/// nothing, a product or quotient with ones, a sum or difference with zeros (which may turn −0 into 0, its equal). Of
/// two Transposes in a row the second takes the place of both; those that undo each other go. Outputs of the graph keep
/// their names: a node that makes one straight from an input or from another output stays.
/// </summary>
public sealed class IdentityRemoval : IOnnxPass
{
    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        var facts = new Facts(
            edits,
            edits.HasOverridableInitializers
            ? ImmutableDictionary<string, ImmutableArray<OnnxDimension>>.Empty
            : ShapeInference.Run(edits.Graph, ImmutableDictionary<string, long>.Empty),
            TypeInference.Run(edits.Graph, edits.Opset));
        int changes = 0;
        foreach (NodeProto node in edits.Nodes().ToArray())
        {
            if (!GraphEdits.IsStandard(node) || node.Input.Count == 0)
                continue;
            if (GraphEdits.Is(node, "Transpose") && FuseTransposes(facts, node))
                changes++;
            if (Source(facts, node) is { } source && edits.TryBypass(node, source))
                changes++;
        }
        edits.Commit();
        return changes;
    }

    private static string? Source(Facts facts, NodeProto node) => node.OpType switch
    {
        "Identity" => node.Input[0],
        "Dropout" when IsInference(facts, node) => node.Input[0],
        "Cast" when facts.Types.TryGetValue(node.Input[0], out OnnxElementType type)
            && (long)type == NodeAttributes.Int(node, "to", 0) => node.Input[0],
        "Reshape" when KeepsShape(facts, node) => node.Input[0],
        "Flatten" when facts.Rank(node.Input[0]) == 2 && NodeAttributes.Int(node, "axis", 1) is 1 or -1 => node.Input[0],
        "Expand" when facts.Edits.LongConstant(node, 1) is { } target && target.All(size => size == 1)
            && facts.Rank(node.Input[0]) >= target.Length => node.Input[0],
        "Transpose" when Permutation(facts, node) is { } perm && perm.Select((axis, index) => axis == index).All(same => same) =>
            node.Input[0],
        "Concat" or "Sum" or "Mean" or "Max" or "Min" when node.Input.Count == 1 => node.Input[0],
        "Pad" when (NodeAttributes.Ints(node, "pads") ?? facts.Edits.LongConstant(node, 1)) is { } pads
            && pads.All(pad => pad == 0) => node.Input[0],
        "Mul" when IsNeutral(facts, node, 1, one: true) => node.Input[0],
        "Mul" when IsNeutral(facts, node, 0, one: true) => node.Input[1],
        "Div" when IsNeutral(facts, node, 1, one: true) => node.Input[0],
        "Add" when IsNeutral(facts, node, 1, one: false) => node.Input[0],
        "Add" when IsNeutral(facts, node, 0, one: false) => node.Input[1],
        "Sub" when IsNeutral(facts, node, 1, one: false) => node.Input[0],
        _ => null,
    };

    private static bool IsInference(Facts facts, NodeProto node)
    {
        if (node.Output.Skip(1).Any(mask => mask.Length > 0 && (facts.Edits.Readers(mask).Count > 0 || !facts.Edits.IsFree(mask))))
            return false;
        // Until opset 11 the operator did nothing but in training.
        if (node.Input.Count < 3 || node.Input[2].Length == 0)
            return true;
        return facts.Edits.Constant(node, 2) is { } training && TensorData.Bytes(training) is { Length: 1 } flag && flag.Span[0] == 0;
    }

    private static bool KeepsShape(Facts facts, NodeProto node)
    {
        if (facts.Edits.LongConstant(node, 1) is not { } target
            || !facts.Shapes.TryGetValue(node.Input[0], out ImmutableArray<OnnxDimension> shape) || shape.Length != target.Length)
            return false;
        bool copiesZero = NodeAttributes.Int(node, "allowzero", 0) == 0;
        // All others kept, the rest is kept too.
        return shape.Zip(target).All(pair => pair.Second == -1 || (pair.Second == 0 && copiesZero) || pair.First.Value == pair.Second);
    }

    private static long[]? Permutation(Facts facts, NodeProto transpose) =>
        NodeAttributes.Ints(transpose, "perm") is not null ? NodeAttributes.Permutation(transpose)
        : facts.Rank(transpose.Input[0]) is { } rank ? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)]
        : null;

    private static bool FuseTransposes(Facts facts, NodeProto second)
    {
        if (facts.Edits.Maker(second.Input[0]) is not { } first || !GraphEdits.Is(first, "Transpose"))
            return false;
        long[]? inner = Permutation(facts, first);
        if (inner is null)
            return false;
        long[]? outer = NodeAttributes.Ints(second, "perm") is null
            ? [.. inner.Select((_, axis) => (long)(inner.Length - 1 - axis))]
            : NodeAttributes.Permutation(second);
        if (outer?.Length != inner.Length)
            return false;
        long[] both = [.. outer.Select(axis => inner[(int)axis])];
        bool cancel = both.Select((axis, index) => axis == index).All(same => same);
        // Where something else needs the first one, fusing saves nothing unless the two cancel and the second can go.
        if (facts.Edits.SoleReader(second.Input[0]) is null && !(cancel && facts.Edits.IsFree(second.Output[0])))
            return false;
        facts.Edits.SetInput(second, 0, first.Input[0]);
        NodeAttributes.SetInts(second, "perm", both);
        if (facts.Edits.IsFree(first.Output[0]) && facts.Edits.Readers(first.Output[0]).Count == 0)
            facts.Edits.Remove(first);
        return true;
    }

    // A constant of ones or zeros whose shape does not make the other input's larger.
    private static bool IsNeutral(Facts facts, NodeProto node, int input, bool one)
    {
        if (node.Input.Count != 2 || facts.Edits.Constant(node, input) is not { } tensor || ConstantTensor.From(tensor) is not { } constant)
            return false;
        double wanted = one ? 1 : 0;
        if (!(constant.ToDoubles()?.All(value => value == wanted) ?? constant.ToLongs()?.All(value => value == (long)wanted) ?? false))
            return false;
        if (constant.Dims.Length == 0)
            return true;
        if (!facts.Shapes.TryGetValue(node.Input[1 - input], out ImmutableArray<OnnxDimension> shape)
            || shape.Length < constant.Dims.Length)
            return false;
        return constant.Dims.Reverse().Zip(shape.Reverse()).All(pair => pair.First == 1 || pair.Second.Value == pair.First);
    }

    private sealed record Facts(
        GraphEdits Edits,
        IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> Shapes,
        IReadOnlyDictionary<string, OnnxElementType> Types)
    {
        public int? Rank(string value) => Shapes.TryGetValue(value, out ImmutableArray<OnnxDimension> shape) ? shape.Length : null;
    }
}
