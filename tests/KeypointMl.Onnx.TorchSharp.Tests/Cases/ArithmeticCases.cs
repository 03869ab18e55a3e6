using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Operations on elements.</summary>
internal static class ArithmeticCases
{
    private static readonly ParityInput Left = new long[] { 3, 4 };
    private static readonly ParityInput Positive = ParityInput.Positive(ParityInput.Batch, 3, 4);
    private static readonly ParityInput Whole = ParityInput.Below(4, ParityInput.Batch, 3, 4);

    public static CaseFamily Family { get; } = new(
        "Arithmetic",
        [
            new(typeof(Add), "same shapes", () => new Add("op"), Left, Left),
            new(typeof(Add), "broadcast shapes", () => new Add("op"), Left, new long[] { 1, 4 }),
            new(typeof(Add), "whole numbers", () => new Add("op"), Whole, Whole),
            new(typeof(Subtract), "same shapes", () => new Subtract("op"), Left, Left),
            new(typeof(Multiply), "broadcast shapes", () => new Multiply("op"), Left, new long[] { 3, 1 }),
            new(typeof(Divide), "same shapes", () => new Divide("op"), Left, Positive),
            new(typeof(Power), "same shapes", () => new Power("op"), Positive, Left),
            new(typeof(ElementwiseMaximum), "same shapes", () => new ElementwiseMaximum("op"), Left, Left),
            new(typeof(ElementwiseMinimum), "broadcast shapes", () => new ElementwiseMinimum("op"), Left, new long[] { 1, 4 }),
            new(typeof(MatrixMultiply), "stacks", () => new MatrixMultiply("op"), Left, new long[] { 4, 5 }),
            new(typeof(MatrixMultiply), "a stack and a matrix", () => new MatrixMultiply("op"), Left, ParityInput.Normal(4, 5)),
            new(typeof(Affine), "scale and shift", () => new Affine("op", 2.5, -1), Left),
            new(typeof(Affine), "scale", () => new Affine("op", 2.5), Left),
            new(typeof(Affine), "nothing", () => new Affine("op", 1), Left),
            new(typeof(Affine), "64-bit floats", () => new Affine("op", 2.5, -1), ParityInput.Double(ParityInput.Batch, 3)),
            new(typeof(Clamp), "both ends", () => new Clamp("op", -0.5, 0.3), Left),
            new(typeof(Where), "same shapes", () => new Where("op"), ParityInput.Bool(ParityInput.Batch, 3, 4), Left, Left),
            new(typeof(Where), "broadcast shapes", () => new Where("op"), ParityInput.Bool(ParityInput.Batch, 3, 1), Left,
                new long[] { 1, 4 }),
            new(typeof(Cast), "to whole numbers", () => new Cast("op", ScalarType.Int64), Left),
            new(typeof(Cast), "to bool", () => new Cast("op", ScalarType.Bool), Whole),
            new(typeof(Cast), "to 64-bit floats", () => new Cast("op", ScalarType.Float64), Whole),
            .. Enum.GetValues<Comparison>()
                .Select(comparison =>
                    new ParityCase(typeof(Compare), $"{comparison}", () => new Compare("op", comparison), Whole, Whole)),
            .. Enum.GetValues<ElementwiseFunction>().Select(Function),
        ],
        [],
        [
            new(typeof(Add), "different element types", () => new Add("op"), ParityInput.Normal(1, 2), ParityInput.Below(3, 1, 2)),
            new(typeof(Where), "different element types", () => new Where("op"), ParityInput.Bool(1, 2), ParityInput.Normal(1, 2),
                ParityInput.Below(3, 1, 2)),
        ]);

    private static ParityCase Function(ElementwiseFunction function)
    {
        bool positive = function is ElementwiseFunction.Log or ElementwiseFunction.Sqrt or ElementwiseFunction.Rsqrt
            or ElementwiseFunction.Reciprocal;
        return new ParityCase(typeof(Elementwise), $"{function}", () => new Elementwise("op", function), positive ? Positive : Left);
    }
}
