using System.Collections.Immutable;
using KeypointMl.Onnx.Editing;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inference;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Passes;

/// <summary>
/// Computes, once and for all, what depends on stored tensors alone (arithmetic, rearrangement, reductions; see
/// <see cref="ConstantEvaluator"/>), and the <c>Shape</c> and <c>Size</c> of values whose sizes are fixed, which is
/// found out from inputs and operators and not taken from what the file states of values inside (value_info) and
/// outputs. Constant nodes become stored tensors. What random, nested or unknown operators give is left to the runtime,
/// and so is a node that makes an output of the graph.
/// </summary>
public sealed class ConstantFolding : IOnnxPass
{
    private readonly long maxGrowth;

    /// <summary>A pass with a limit.</summary>
    /// <param name="maxGrowth">
    /// How many bytes the file may grow by folding one node: a result may be that much larger than the stored tensors
    /// that nothing else reads. Default: 64 KiB, which a grid of 64×64 points may take and an expanded weight may not.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public ConstantFolding(long maxGrowth = 64 << 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxGrowth);
        this.maxGrowth = maxGrowth;
    }

    /// <inheritdoc/>
    public int Apply(OnnxModel model)
    {
        int folded = 0;
        // A shape that became constant may tell the shape of another value.
        while (ApplyOnce(model) is var changes and > 0)
            folded += changes;
        return folded;
    }

    private int ApplyOnce(OnnxModel model)
    {
        var edits = new GraphEdits(model);
        // The rules of shapes read stored tensors as constants, which those are not that a caller may feed.
        IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes = edits.HasOverridableInitializers
            ? ImmutableDictionary<string, ImmutableArray<OnnxDimension>>.Empty
            : ShapeInference.Run(edits.Graph, ImmutableDictionary<string, long>.Empty);
        int folded = 0;
        // Makers come before readers, so that one walk folds chains.
        foreach (NodeProto node in edits.Nodes().ToArray())
        {
            if (!GraphEdits.IsStandard(node) || node.Output.Count != 1 || edits.IsOutput(node.Output[0]) || NestedGraphs.IsIn(node))
                continue;
            if (Compute(edits, shapes, node) is not { } result)
                continue;
            string name = node.Output[0];
            edits.Remove(node);
            edits.Store(TensorData.Wrap(name, result.Type, result.Bytes, result.Dims));
            folded++;
        }
        if (folded > 0)
            edits.RemoveUnusedInitializers();
        edits.Commit();
        return folded;
    }

    private ConstantTensor? Compute(GraphEdits edits, IReadOnlyDictionary<string, ImmutableArray<OnnxDimension>> shapes, NodeProto node)
    {
        switch (node.OpType)
        {
            case "Constant":
                return ConstantTensor.Of(node);
            case "Shape" or "Size":
                return shapes.TryGetValue(node.Input[0], out ImmutableArray<OnnxDimension> shape) ? Sizes(node, shape) : null;
        }
        if (!ConstantEvaluator.Knows(node.OpType) || node.Input.Count == 0
            || node.Input.Any(input => input.Length > 0 && edits.Constant(input) is null))
            return null;
        TensorProto?[] stored = [.. node.Input.Select(edits.Constant)];
        ConstantTensor?[] inputs = [.. stored.Select(tensor => tensor is null ? null : ConstantTensor.From(tensor))];
        if (stored.Zip(inputs).Any(pair => pair.First is not null && pair.Second is null))
            return null;
        long superfluous = inputs.Zip(node.Input).Where(pair => pair.First is not null && edits.SoleReader(pair.Second) is not null)
            .Sum(pair => (long)pair.First!.Bytes.Length);
        long largest = superfluous + Math.Min(maxGrowth, long.MaxValue - superfluous);
        // What only gets another shape takes no memory here, but is written a second time where the first stays.
        return ConstantEvaluator.Evaluate(new NodeEvaluation(node, inputs, edits.Opset, largest)) is { } result
            && result.Bytes.Length <= largest ? result : null;
    }

    private static ConstantTensor? Sizes(NodeProto node, ImmutableArray<OnnxDimension> shape)
    {
        int rank = shape.Length;
        (int start, int end) = node.OpType == "Size" ? (0, rank) : (Bound("start", 0), Bound("end", rank));
        long?[] sizes = [.. shape.Take(end).Skip(start).Select(size => size.Value)];
        if (sizes.Any(size => size is null))
            return null;
        long[] known = [.. sizes.Select(size => size!.Value)];
        return node.OpType == "Size"
            ? ConstantTensor.Of<long>([known.Aggregate(1L, (product, size) => product * size)])
            : ConstantTensor.Of<long>(known, known.Length);

        int Bound(string attribute, int fallback)
        {
            long value = NodeAttributes.Int(node, attribute, fallback);
            return (int)Math.Clamp(value < 0 ? value + rank : value, 0, rank);
        }
    }
}
