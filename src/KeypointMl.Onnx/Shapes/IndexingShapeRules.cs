using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of operators that pick, count or reduce.</summary>
internal static class IndexingShapeRules
{
    /// <summary>Gather: an axis replaced by the shape of the indices.</summary>
    public static Shape Gather(NodeShapes node)
    {
        (Shape x, Shape indices) = (node[0], node[1]);
        if (x.IsDefault || indices.IsDefault)
            return default;
        int axis = node.Axis("axis", 0, x.Length);
        return [.. x[..axis], .. indices, .. x[(axis + 1)..]];
    }

    /// <summary>GatherElements: the shape of the indices.</summary>
    public static Shape GatherElements(NodeShapes node)
    {
        if (!node[0].IsDefault)
        {
            DimensionArithmetic.RequireRank(node[1], node[0].Length, "the indices");
            node.Axis("axis", 0, node[0].Length);
        }
        return node[1];
    }

    /// <summary>GatherND: the last axis of the indices replaced by what it points to.</summary>
    public static Shape GatherNd(NodeShapes node)
    {
        (Shape x, Shape indices) = (node[0], node[1]);
        if (x.IsDefault || indices.IsDefault || indices.Length == 0 || indices[^1].Value is not { } depth)
            return default;
        long first = checked(node.Int("batch_dims", 0) + depth);
        if (first > x.Length || first < 0)
        {
            throw new ShapeConflictException(
                $"the indices' last axis has size {depth}, which is more than the input [{string.Join(',', x)}] has axes");
        }
        return [.. indices[..^1], .. x[(int)first..]];
    }

    /// <summary>ScatterElements and ScatterND: the shape of the data.</summary>
    public static Shape ScatterElements(NodeShapes node)
    {
        if (!node[0].IsDefault)
        {
            DimensionArithmetic.RequireRank(node[1], node[0].Length, "the indices");
            node.Axis("axis", 0, node[0].Length);
        }
        return node[0];
    }

    /// <summary>TopK: an axis cut to K, for the values and for their indices.</summary>
    public static Shape[] TopK(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return [];
        int axis = node.Axis("axis", -1, x.Length);
        RequireSize(node[1], 1, "K");
        long? k = NodeAttributes.Find(node.Node, "k")?.I ?? (node.Constant(1) is [var only] ? only : null);
        if (k > x[axis].Value || k < 0)
            throw new ShapeConflictException($"K is {k}; axis {axis} has size {x[axis]}");
        Shape top = x.SetItem(axis, k is { } number ? number : OnnxDimension.Unknown);
        return [top, top];
    }

    /// <summary>ArgMax and ArgMin: one axis reduced.</summary>
    public static Shape ArgExtreme(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        int axis = node.Axis("axis", 0, x.Length);
        return node.Int("keepdims", 1) == 1 ? x.SetItem(axis, 1) : x.RemoveAt(axis);
    }

    /// <summary>ReduceMean and its kin: some axes, or all where none are given, reduced.</summary>
    public static Shape Reduce(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        bool keep = node.Int("keepdims", 1) == 1;
        (bool found, long[]? axes) = node.Axes(1);
        if (!found)
            return keep ? DimensionArithmetic.Open(x.Length) : default;
        if (axes is null or [])
        {
            if (node.Int("noop_with_empty_axes", 0) == 1)
                return x;
            axes = [.. Enumerable.Range(0, x.Length).Select(axis => (long)axis)];
        }
        var reduced = axes.Select(axis => NodeShapes.Axis(axis, x.Length)).ToHashSet();
        return [.. x.Select((size, axis) => (size, axis)).Where(pair => keep || !reduced.Contains(pair.axis))
            .Select(pair => reduced.Contains(pair.axis) ? 1 : pair.size)];
    }

    /// <summary>OneHot: an axis of the depth put in.</summary>
    public static Shape OneHot(NodeShapes node)
    {
        Shape indices = node[0];
        if (indices.IsDefault)
            return default;
        int axis = node.Axis("axis", -1, indices.Length + 1);
        RequireSize(node[2], 2, "values");
        OnnxDimension depth = node.Elements(1) is { IsDefault: false, Length: 1 } elements
            ? elements[0].ToDimension()
            : OnnxDimension.Unknown;
        return indices.Insert(axis, depth);
    }

    /// <summary>Compress: an axis, or the whole flattened, cut to an unknown size.</summary>
    public static Shape Compress(NodeShapes node)
    {
        if (NodeAttributes.Find(node.Node, "axis") is null)
            return [OnnxDimension.Unknown];
        return node[0].IsDefault ? default : node[0].SetItem(node.Axis("axis", 0, node[0].Length), OnnxDimension.Unknown);
    }

    /// <summary>Unique: the values (along an axis, or flattened), and three lists of indices.</summary>
    public static Shape[] Unique(NodeShapes node)
    {
        Shape list = [OnnxDimension.Unknown];
        return [Compress(node), list, list, list];
    }

    /// <summary>
    /// NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss: one loss per target, or one number; the second output is
    /// as the scores.
    /// </summary>
    public static Shape[] Loss(NodeShapes node) => [node.Text("reduction", "mean") == "none" ? node[1] : [], node[0]];

    private static void RequireSize(Shape list, long size, string what)
    {
        if (!list.IsDefault && list is [{ Value: { } found }] && found != size)
            throw new ShapeConflictException($"{what} has {found} elements; expected {size}");
    }
}
