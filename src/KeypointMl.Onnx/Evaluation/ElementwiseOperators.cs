using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>
/// Elementwise operators as the ONNX specification states them (https://onnx.ai/onnx/operators/): arithmetic in the
/// element type itself, integer division towards zero, sums that wrap. A null result means that the operator does not
/// define one (a division by zero) or that it is not computed here.
/// </summary>
internal static class ElementwiseOperators
{
    /// <summary>An operator of one input.</summary>
    public static ConstantTensor? Unary(NodeEvaluation evaluation) => evaluation.Input(0) switch
    {
        { Type: OnnxElementType.Float } x =>
            Map(evaluation, x, FloatingUnary<float>(evaluation.Node.OpType) ?? SignedUnary<float>(evaluation.Node.OpType)),
        { Type: OnnxElementType.Double } x =>
            Map(evaluation, x, FloatingUnary<double>(evaluation.Node.OpType) ?? SignedUnary<double>(evaluation.Node.OpType)),
        { Type: OnnxElementType.Int64 } x => Map(evaluation, x, SignedUnary<long>(evaluation.Node.OpType)),
        { Type: OnnxElementType.Int32 } x => Map(evaluation, x, SignedUnary<int>(evaluation.Node.OpType)),
        { Type: OnnxElementType.Bool } x when evaluation.Node.OpType == "Not" =>
            Map<byte>(evaluation, x, value => value == 0 ? (byte)1 : (byte)0),
        _ => null,
    };

    /// <summary>An operator of two inputs of one type; Min and Max take any number.</summary>
    public static ConstantTensor? Binary(NodeEvaluation evaluation)
    {
        ConstantTensor? result = evaluation.Input(0);
        foreach (ConstantTensor? next in evaluation.Inputs.Skip(1))
            result = result is null || next is null || result.Type != next.Type ? null : Pair(evaluation, result, next);
        return result;
    }

    /// <summary><c>Where</c>: the second input where the first holds, else the third.</summary>
    public static ConstantTensor? Where(NodeEvaluation evaluation)
    {
        if (evaluation.Inputs is not [{ Type: OnnxElementType.Bool } condition, { } yes, { } no] || yes.Type != no.Type)
            return null;
        if (StridedView.BroadcastShape(yes.Dims, no.Dims) is not { } values
            || StridedView.BroadcastShape(condition.Dims, values) is not { } dims)
            return null;
        if (evaluation.Allocate(yes.Type, dims) is not { } bytes)
            return null;
        int size = yes.Type.SizeInBytes();
        int[][] offsets = [.. new[] { condition, yes, no }.Select(tensor => StridedView.Broadcast(tensor.Dims, dims).Offsets().ToArray())];
        for (int at = 0; at < offsets[0].Length; at++)
        {
            bool holds = condition.Bytes.Span[offsets[0][at]] != 0;
            ReadOnlySpan<byte> source = holds ? yes.Bytes.Span : no.Bytes.Span;
            source.Slice(offsets[holds ? 1 : 2][at] * size, size).CopyTo(bytes.AsSpan(at * size, size));
        }
        return new ConstantTensor(yes.Type, dims, bytes);
    }

    private static ConstantTensor? Pair(NodeEvaluation evaluation, ConstantTensor left, ConstantTensor right) => left.Type switch
    {
        OnnxElementType.Float =>
            Pair(evaluation, left, right, evaluation.Node.OpType == "Pow" ? MathF.Pow : Arithmetic<float>(evaluation.Node.OpType)),
        OnnxElementType.Double =>
            Pair(evaluation, left, right, evaluation.Node.OpType == "Pow" ? Math.Pow : Arithmetic<double>(evaluation.Node.OpType)),
        OnnxElementType.Int64 => Pair(evaluation, left, right, Arithmetic<long>(evaluation.Node.OpType)),
        OnnxElementType.Int32 => Pair(evaluation, left, right, Arithmetic<int>(evaluation.Node.OpType)),
        OnnxElementType.Bool => Combine(evaluation, left, right, OnnxElementType.Bool, Logic(evaluation.Node.OpType)),
        _ => null,
    };

    private static ConstantTensor? Pair<T>(NodeEvaluation evaluation, ConstantTensor left, ConstantTensor right, Func<T, T, T>? arithmetic)
        where T : unmanaged, INumber<T> => arithmetic is null
            ? Combine(evaluation, left, right, OnnxElementType.Bool, Comparison<T>(evaluation.Node.OpType))
            : Combine(evaluation, left, right, left.Type, arithmetic);

    private static ConstantTensor? Combine<T, TResult>(
        NodeEvaluation evaluation,
        ConstantTensor left,
        ConstantTensor right,
        OnnxElementType type,
        Func<T, T, TResult>? combine)
        where T : unmanaged
        where TResult : unmanaged
    {
        if (combine is null || StridedView.BroadcastShape(left.Dims, right.Dims) is not { } dims
            || evaluation.Allocate(type, dims) is not { } bytes)
            return null;
        ReadOnlySpan<T> a = left.As<T>();
        ReadOnlySpan<T> b = right.As<T>();
        Span<TResult> result = MemoryMarshal.Cast<byte, TResult>(bytes.AsSpan());
        try
        {
            int at = 0;
            foreach ((int first, int second) in StridedView.Broadcast(left.Dims, dims).Offsets()
                .Zip(StridedView.Broadcast(right.Dims, dims).Offsets()))
                result[at++] = combine(a[first], b[second]);
        }
        catch (ArithmeticException)
        {
            // An integer divided by zero, or the smallest one by -1.
            return null;
        }
        return new ConstantTensor(type, dims, bytes);
    }

    private static ConstantTensor? Map<T>(NodeEvaluation evaluation, ConstantTensor x, Func<T, T>? map)
        where T : unmanaged
    {
        if (map is null || evaluation.Allocate(x.Type, x.Dims) is not { } bytes)
            return null;
        ReadOnlySpan<T> source = x.As<T>();
        Span<T> result = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int index = 0; index < source.Length; index++)
            result[index] = map(source[index]);
        return new ConstantTensor(x.Type, x.Dims, bytes);
    }

    private static Func<T, T, T>? Arithmetic<T>(string opType)
        where T : INumber<T> => opType switch
        {
            "Add" => (a, b) => unchecked(a + b),
            "Sub" => (a, b) => unchecked(a - b),
            "Mul" => (a, b) => unchecked(a * b),
            "Div" => (a, b) => a / b,
            "Max" => T.Max,
            "Min" => T.Min,
            _ => null,
        };

    private static Func<T, T, bool>? Comparison<T>(string opType)
        where T : INumber<T> => opType switch
        {
            "Equal" => (a, b) => a == b,
            "Greater" => (a, b) => a > b,
            "GreaterOrEqual" => (a, b) => a >= b,
            "Less" => (a, b) => a < b,
            "LessOrEqual" => (a, b) => a <= b,
            _ => null,
        };

    private static Func<byte, byte, bool>? Logic(string opType) => opType switch
    {
        "And" => (a, b) => a != 0 && b != 0,
        "Or" => (a, b) => a != 0 || b != 0,
        "Equal" => (a, b) => a != 0 == (b != 0),
        _ => null,
    };

    private static Func<T, T>? SignedUnary<T>(string opType)
        where T : INumber<T> => opType switch
        {
            "Neg" => value => unchecked(-value),
            "Abs" => value => T.IsNegative(value) ? unchecked(-value) : value,
            _ => null,
        };

    private static Func<T, T>? FloatingUnary<T>(string opType)
        where T : IFloatingPointIeee754<T> => opType switch
        {
            "Sqrt" => T.Sqrt,
            "Reciprocal" => value => T.One / value,
            "Exp" => T.Exp,
            "Log" => T.Log,
            "Floor" => T.Floor,
            "Ceil" => T.Ceiling,
            // Halves go to the even neighbour.
            "Round" => T.Round,
            _ => null,
        };
}
