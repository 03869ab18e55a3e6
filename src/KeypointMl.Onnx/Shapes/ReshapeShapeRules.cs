using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using Shape = System.Collections.Immutable.ImmutableArray<KeypointMl.Onnx.Model.OnnxDimension>;

namespace KeypointMl.Onnx.Shapes;

/// <summary>The shapes of operators that keep the elements and their order.</summary>
internal static class ReshapeShapeRules
{
    /// <summary>Reshape: 0 keeps a size (unless allowzero), −1 takes what is left.</summary>
    public static Shape Reshape(NodeShapes node)
    {
        Shape x = node[0];
        ImmutableArray<IntegerElement> wanted = node.Elements(1);
        if (wanted.IsDefault)
            return DimensionArithmetic.OpenByList(node[1]);
        bool keep = node.Int("allowzero", 0) == 0;
        int rest = -1;
        var result = new OnnxDimension[wanted.Length];
        for (int axis = 0; axis < wanted.Length; axis++)
        {
            if (wanted[axis].Number == -1)
            {
                if (rest >= 0)
                    throw new ShapeConflictException("the shape has −1 twice; expected it once at most");
                rest = axis;
            }
            else if (wanted[axis].Number == 0 && keep)
            {
                if (!x.IsDefault && axis >= x.Length)
                {
                    throw new ShapeConflictException(
                        $"the shape keeps axis {axis} (0), which the input [{string.Join(',', x)}] does not have");
                }
                result[axis] = x.IsDefault ? OnnxDimension.Unknown : x[axis];
            }
            else
            {
                result[axis] = wanted[axis].ToDimension();
            }
        }
        if (!x.IsDefault)
            Fit(x, result, rest);
        return [.. result];
    }

    /// <summary>Flatten: the axes in front of one and those from it on.</summary>
    public static Shape Flatten(NodeShapes node)
    {
        Shape x = node[0];
        if (x.IsDefault)
            return default;
        long axis = node.Int("axis", 1);
        if (axis < -x.Length || axis > x.Length)
            throw new ShapeConflictException($"axis {axis} is not one of a tensor of {x.Length} dimensions");
        int at = (int)(axis < 0 ? axis + x.Length : axis);
        return [DimensionArithmetic.Product(x[..at]), DimensionArithmetic.Product(x[at..])];
    }

    /// <summary>Unsqueeze: axes of size 1 put in.</summary>
    public static Shape Unsqueeze(NodeShapes node)
    {
        Shape x = node[0];
        (_, long[]? axes) = node.Axes(1);
        if (x.IsDefault || axes is null)
            return default;
        int rank = x.Length + axes.Length;
        var inserted = axes.Select(axis => NodeShapes.Axis(axis, rank)).ToHashSet();
        if (inserted.Count != axes.Length)
            throw new ShapeConflictException($"axes is [{string.Join(',', axes)}]; expected each once");
        var rest = new Queue<OnnxDimension>(x);
        return [.. Enumerable.Range(0, rank).Select(axis => inserted.Contains(axis) ? 1 : rest.Dequeue())];
    }

    /// <summary>Squeeze: axes of size 1 taken out; all of them where none are given.</summary>
    public static Shape Squeeze(NodeShapes node)
    {
        Shape x = node[0];
        (bool found, long[]? axes) = node.Axes(1);
        if (x.IsDefault || !found)
            return default;
        if (axes is null)
            return x.All(size => size.IsFixed) ? [.. x.Where(size => size.Value != 1)] : default;
        var removed = axes.Select(axis => NodeShapes.Axis(axis, x.Length)).ToHashSet();
        if (removed.FirstOrDefault(axis => x[axis].Value is not (null or 1), -1) is >= 0 and var wrong)
            throw new ShapeConflictException($"axis {wrong} has size {x[wrong]}; only axes of size 1 can be taken out");
        return [.. x.Where((_, axis) => !removed.Contains(axis))];
    }

    private static void Fit(Shape x, OnnxDimension[] result, int rest)
    {
        // Open sizes that stand on both sides cancel; the rest must be fixed for the division.
        List<OnnxDimension> open = [.. x.Where(size => !size.IsFixed)];
        bool cancelled = true;
        foreach (OnnxDimension size in result.Where((size, axis) => axis != rest && !size.IsFixed))
            cancelled &= size.Symbol is not null ? open.Remove(size) : open.Remove(OnnxDimension.Unknown) && false;
        if (!cancelled)
            return;
        long all = Known(x);
        long others = Known(result);
        if (rest < 0 && open.Count == 0 && all != others)
        {
            throw new ShapeConflictException(
                $"the input [{string.Join(',', x)}] has {all} elements and the shape [{string.Join(',', result)}] {others}");
        }
        if (rest < 0 || others == 0)
            return;
        if (open.Count == 0 && all % others != 0)
        {
            throw new ShapeConflictException(
                $"the {all} elements of the input [{string.Join(',', x)}] are not divisible by the {others} of the other axes");
        }
        if (open.Count == 0)
            result[rest] = all / others;
        else if (open.Count == 1 && all == others)
            result[rest] = open[0];
    }

    private static long Known(IEnumerable<OnnxDimension> sizes) =>
        sizes.Aggregate(1L, (product, size) => checked(product * (size.Value ?? 1)));
}
