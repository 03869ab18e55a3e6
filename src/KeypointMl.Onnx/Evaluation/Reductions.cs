using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>
/// ReduceSum, ReduceMean, ReduceMax, ReduceMin and ReduceProd. Floats are summed in 64 bits and rounded once; integers
/// wrap. The mean of integers is not computed here.
/// </summary>
internal static class Reductions
{
    /// <summary>Reduces the first input.</summary>
    public static ConstantTensor? Reduce(NodeEvaluation evaluation)
    {
        if (evaluation.Input(0) is not { } x)
            return null;
        long[] axes = evaluation.Integers("axes", 1) ?? [];
        if (axes.Length == 0 && NodeAttributes.Int(evaluation.Node, "noop_with_empty_axes", 0) == 1)
            return x;
        HashSet<int>? reduced = axes.Length == 0 ? [.. Enumerable.Range(0, x.Dims.Length)] : NodeEvaluation.Axes(axes, x.Dims.Length);
        // What the largest of nothing is depends on the type and the opset.
        if (reduced is null || x.Count == 0)
            return null;
        return x.Type switch
        {
            OnnxElementType.Float => Reduce<float, double>(evaluation, x, reduced),
            OnnxElementType.Double => Reduce<double, double>(evaluation, x, reduced),
            OnnxElementType.Int64 when evaluation.Node.OpType != "ReduceMean" => Reduce<long, long>(evaluation, x, reduced),
            OnnxElementType.Int32 when evaluation.Node.OpType != "ReduceMean" => Reduce<int, int>(evaluation, x, reduced),
            _ => null,
        };
    }

    private static ConstantTensor? Reduce<T, TSum>(NodeEvaluation evaluation, ConstantTensor x, HashSet<int> reduced)
        where T : unmanaged, INumber<T>
        where TSum : INumber<TSum>
    {
        long[] kept = [.. x.Dims.Select((size, axis) => reduced.Contains(axis) ? 1 : size)];
        long[] dims = NodeAttributes.Int(evaluation.Node, "keepdims", 1) == 1
            ? kept
            : [.. kept.Where((_, axis) => !reduced.Contains(axis))];
        if (evaluation.Allocate(x.Type, dims) is not { } bytes)
            return null;
        Func<TSum, TSum, TSum>? join = Join<TSum>(evaluation.Node.OpType);
        if (join is null)
            return null;
        ReadOnlySpan<T> source = x.As<T>();
        var sums = new TSum[ConstantTensor.CountOf(dims)!.Value];
        var started = new bool[sums.Length];
        int at = 0;
        foreach (int target in StridedView.Broadcast(kept, x.Dims).Offsets())
        {
            TSum value = TSum.CreateChecked(source[at++]);
            sums[target] = started[target] ? join(sums[target], value) : value;
            started[target] = true;
        }
        TSum each = evaluation.Node.OpType == "ReduceMean" ? TSum.CreateChecked(x.Count / sums.Length) : TSum.One;
        Span<T> result = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int index = 0; index < result.Length; index++)
            result[index] = T.CreateTruncating(sums[index] / each);
        return new ConstantTensor(x.Type, dims, bytes);
    }

    private static Func<TSum, TSum, TSum>? Join<TSum>(string opType)
        where TSum : INumber<TSum> => opType switch
        {
            "ReduceSum" or "ReduceMean" => (a, b) => unchecked(a + b),
            "ReduceProd" => (a, b) => unchecked(a * b),
            "ReduceMax" => TSum.Max,
            "ReduceMin" => TSum.Min,
            _ => null,
        };
}
