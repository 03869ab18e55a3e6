using System.Collections.Immutable;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Shapes;

/// <summary>Arithmetic on sizes of which some are open. It is checked: sizes that overflow are a contradiction.</summary>
internal static class DimensionArithmetic
{
    /// <summary>A size changed by a fixed amount.</summary>
    public static OnnxDimension Plus(OnnxDimension size, long change)
    {
        if (change == 0)
            return size;
        if (size.Value is not { } value)
            return OnnxDimension.Unknown;
        long sum = checked(value + change);
        return sum >= 0
            ? sum
            : throw new ShapeConflictException($"a size of {value} is changed by {change}, which leaves less than nothing");
    }

    /// <summary>A size times a fixed factor.</summary>
    public static OnnxDimension Times(OnnxDimension size, long factor) => factor == 1 ? size : size.Value is { } value
        ? checked(value * factor)
        : OnnxDimension.Unknown;

    /// <summary>A size that must be divisible by a fixed one.</summary>
    public static OnnxDimension Divide(OnnxDimension size, long by)
    {
        if (by <= 0)
            throw new ShapeConflictException($"a size is divided into parts of {by}; expected 1 or more");
        if (by == 1)
            return size;
        if (size.Value is not { } value)
            return OnnxDimension.Unknown;
        return value % by == 0 ? value / by : throw new ShapeConflictException($"a size of {value} is not divisible by {by}");
    }

    /// <summary>The product; one open size times ones is that size.</summary>
    public static OnnxDimension Product(ImmutableArray<OnnxDimension> sizes)
    {
        long known = 1;
        foreach (OnnxDimension size in sizes)
            known = checked(known * (size.Value ?? 1));
        OnnxDimension[] open = [.. sizes.Where(size => !size.IsFixed)];
        return open.Length switch { 0 => known, 1 => Times(open[0], known), _ => OnnxDimension.Unknown };
    }

    /// <summary>Two sizes that must be equal: the one that more is known of.</summary>
    /// <exception cref="ShapeConflictException">Both are fixed and differ.</exception>
    public static OnnxDimension Same(OnnxDimension left, OnnxDimension right, string what)
    {
        if (left.Value is { } first && right.Value is { } second && first != second)
            throw new ShapeConflictException($"{what} is {first} and {second}; expected the same");
        return left.IsFixed || (left.Symbol is not null && !right.IsFixed) ? left : right;
    }

    /// <summary>
    /// Several shapes broadcast to one, as numpy does (https://github.com/onnx/onnx/blob/main/docs/Broadcasting.md);
    /// default where one is not known.
    /// </summary>
    public static ImmutableArray<OnnxDimension> Broadcast(params IEnumerable<ImmutableArray<OnnxDimension>> inputs)
    {
        ImmutableArray<OnnxDimension>[] shapes = [.. inputs];
        if (shapes.Length == 0 || shapes.Any(shape => shape.IsDefault))
            return default;
        int rank = shapes.Max(shape => shape.Length);
        var result = new OnnxDimension[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            OnnxDimension[] sizes = [.. shapes.Where(shape => axis >= rank - shape.Length)
                .Select(shape => shape[axis - (rank - shape.Length)]).Where(size => size.Value != 1).Distinct()];
            OnnxDimension[] @fixed = [.. sizes.Where(size => size.IsFixed)];
            if (@fixed.Length > 1)
            {
                throw new ShapeConflictException(
                    $"shapes {string.Join(" and ", shapes.Select(shape => $"[{string.Join(',', shape)}]"))} cannot be "
                    + $"broadcast to one another: axis {axis} is {string.Join(" and ", @fixed)}");
            }
            result[axis] = sizes.Length == 0 ? 1 : @fixed.Length == 1 ? @fixed[0] : sizes.Length == 1 ? sizes[0] : OnnxDimension.Unknown;
        }
        return [.. result];
    }

    /// <summary>A shape of open sizes.</summary>
    public static ImmutableArray<OnnxDimension> Open(int rank) => [.. Enumerable.Repeat(OnnxDimension.Unknown, rank)];

    /// <summary>A shape of open sizes, as many as a list of the given shape has; default where that is not known.</summary>
    public static ImmutableArray<OnnxDimension> OpenByList(ImmutableArray<OnnxDimension> list) =>
        !list.IsDefault && list is [{ Value: { } rank and <= 64 }] ? Open((int)rank) : default;

    /// <summary>Refuses a tensor of another number of dimensions.</summary>
    public static void RequireRank(ImmutableArray<OnnxDimension> shape, int rank, string what)
    {
        if (!shape.IsDefault && shape.Length != rank)
            throw new ShapeConflictException($"{what} has shape [{string.Join(',', shape)}]; expected {rank} dimensions");
    }
}
