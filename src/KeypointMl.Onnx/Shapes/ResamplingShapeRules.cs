using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of operators that resample, fold or cut pictures [N,C,…].</summary>
internal static class ResamplingShapeRules
{
    /// <summary>Resize by factors or to sizes, and Upsample; on all axes or, from opset 18 on, on the given ones.</summary>
    public static Shape Resize(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        int[] axes = node.Ints("axes") is { } given
            ? [.. given.Select(axis => NodeShapes.Axis(axis, x.Length))]
            : [.. Enumerable.Range(0, x.Length)];
        // Opset 10 has the factors behind the input; opset 7 has them in an attribute.
        int factorsAt = node.Node.OpType == "Upsample" || node.Node.Input.Count == 2 ? 1 : 2;
        if (node.Constant(3) is { Length: > 0 } sizes)
        {
            RequireCount("sizes", sizes.Length, axes.Length);
            bool stretch = node.Text("keep_aspect_ratio_policy", "stretch") == "stretch";
            return Replace(x, axes, index => stretch ? new IntegerElement(sizes[index], null).ToDimension() : OnnxDimension.Unknown);
        }
        // Even where the numbers are not known, how many there are often is.
        foreach ((int list, string what) in new[] { (factorsAt, "scales"), (3, "sizes") })
        {
            DimensionArithmetic.RequireRank(node[list], 1, what);
            if (node[list] is { IsDefault: false } shape && shape is [{ Value: > 0 and { } count }])
                RequireCount(what, count, axes.Length);
        }
        float[]? factors = node.Floats(factorsAt) ?? NodeAttributes.Floats(node.Node, "scales");
        if (node.Has(3) || factors is null or { Length: 0 }
            || node.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
            return DimensionArithmetic.Open(x.Length);
        RequireCount("scales", factors.Length, axes.Length);
        return Replace(x, axes, index => Scale(x[axes[index]], factors[index]));
    }

    /// <summary>GridSample: [N,C,…] at the points [N,…,rank].</summary>
    public static Shape GridSample(NodeShapes node)
    {
        (Shape x, Shape grid) = (node[0], node[1]);
        if (x.IsDefault || grid.IsDefault)
            return default;
        if (x.Length < 3)
            throw new ShapeConflictException($"the input has shape [{string.Join(',', x)}]; expected [N,C,…]");
        DimensionArithmetic.RequireRank(grid, x.Length, "the grid");
        DimensionArithmetic.Same(grid[^1], x.Length - 2, "the number of coordinates per point");
        return [DimensionArithmetic.Same(x[0], grid[0], "the batch"), x[1], .. grid[1..^1]];
    }

    /// <summary>AffineGrid: matrices [N,rank,rank+1] and a size [N,C,…] give points [N,…,rank].</summary>
    public static Shape AffineGrid(NodeShapes node) =>
        node.Elements(1) is { IsDefault: false, Length: > 2 } size
        ? [size[0].ToDimension(), .. size.Skip(2).Select(element => element.ToDimension()), size.Length - 2]
        : default;

    /// <summary>DepthToSpace: [N,C,H,W] → [N,C/b²,H·b,W·b].</summary>
    public static Shape DepthToSpace(NodeShapes node)
    {
        Shape x = node[0];
        DimensionArithmetic.RequireRank(x, 4, "the input");
        long block = node.Int("blocksize", 1);
        return x.IsDefault
            ? default
            : [x[0], DimensionArithmetic.Divide(x[1], checked(block * block)), DimensionArithmetic.Times(x[2], block),
                DimensionArithmetic.Times(x[3], block)];
    }

    /// <summary>SpaceToDepth: [N,C,H,W] → [N,C·b²,H/b,W/b].</summary>
    public static Shape SpaceToDepth(NodeShapes node)
    {
        Shape x = node[0];
        DimensionArithmetic.RequireRank(x, 4, "the input");
        long block = node.Int("blocksize", 1);
        return x.IsDefault
            ? default
            : [x[0], DimensionArithmetic.Times(x[1], checked(block * block)), DimensionArithmetic.Divide(x[2], block),
                DimensionArithmetic.Divide(x[3], block)];
    }

    /// <summary>Col2Im: columns [N,C·block,L] put together to a picture [N,C,…].</summary>
    public static Shape Col2Im(NodeShapes node)
    {
        Shape x = node[0];
        DimensionArithmetic.RequireRank(x, 3, "the input");
        if (x.IsDefault || node.Elements(1) is not { IsDefault: false } image || node.Constant(2) is not { } block)
            return default;
        return [x[0], DimensionArithmetic.Divide(x[1], block.Aggregate(1L, (product, size) => checked(product * size))),
            .. image.Select(size => size.ToDimension())];
    }

    /// <summary>CenterCropPad: some axes cut or padded to a size.</summary>
    public static Shape CenterCropPad(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        int[] axes = node.Ints("axes") is { } given
            ? [.. given.Select(axis => NodeShapes.Axis(axis, x.Length))]
            : [.. Enumerable.Range(0, x.Length)];
        if (node.Elements(1) is not { IsDefault: false } sizes)
            return Replace(x, axes, _ => OnnxDimension.Unknown);
        RequireCount("shape", sizes.Length, axes.Length);
        return Replace(x, axes, index => sizes[index].ToDimension());
    }

    private static Shape Replace(Shape x, int[] axes, Func<int, OnnxDimension> size)
    {
        OnnxDimension[] result = [.. x];
        for (int index = 0; index < axes.Length; index++)
            result[axes[index]] = size(index);
        return [.. result];
    }

    private static OnnxDimension Scale(OnnxDimension size, float factor)
    {
        if (!float.IsFinite(factor) || factor <= 0)
            throw new ShapeConflictException($"a factor is {factor}; expected more than 0");
        return factor == 1 ? size : size.Value is { } value ? checked((long)MathF.Floor(value * factor)) : OnnxDimension.Unknown;
    }

    private static void RequireCount(string what, long found, int expected)
    {
        if (found != expected)
            throw new ShapeConflictException($"{what} has {found} elements; expected {expected}, one per axis");
    }
}
