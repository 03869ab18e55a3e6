using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Operations that reduce, order or search dimensions.</summary>
internal static class ReductionCases
{
    private static readonly ParityInput Volume = new long[] { 3, 4, 5 };
    private static readonly ParityInput Matrix = new long[] { 3, 6 };

    public static CaseFamily Family { get; } = new(
        "Reductions",
        [
            new(typeof(Mean), "two dimensions", () => new Mean("op", [2, 3]), Volume),
            new(typeof(Mean), "the last, keepDims", () => new Mean("op", [-1], keepDims: true), Matrix),
            new(typeof(Sum), "one dimension", () => new Sum("op", [1]), Matrix),
            new(typeof(Maximum), "two dimensions", () => new Maximum("op", [-1, 1]), Volume),
            new(typeof(Minimum), "one dimension, keepDims", () => new Minimum("op", [2], keepDims: true), Volume),
            new(typeof(LogSumExp), "the last", () => new LogSumExp("op", -1), Matrix),
            new(typeof(LogSumExp), "keepDims", () => new LogSumExp("op", 1, keepDims: true), Matrix),
            new(typeof(Variance), "unbiased", () => new Variance("op", [2, 3]), Volume),
            new(typeof(Variance), "biased, keepDims", () => new Variance("op", [-1], keepDims: true, unbiased: false), Matrix),
            new(typeof(StandardDeviation), "unbiased", () => new StandardDeviation("op", [1]), Volume),
            new(typeof(StandardDeviation), "biased", () => new StandardDeviation("op", [2, 3], unbiased: false), Volume),
            .. new[] { 2, 1, 0, 3, 0.5, double.PositiveInfinity,
                double.NegativeInfinity }.Select(p => new ParityCase(typeof(Norm), $"p {p}", () => new Norm("op", [1, 2], p: p), Volume)),
            new(typeof(Norm), "keepDims", () => new Norm("op", [-1], keepDims: true), Matrix),
            new(typeof(Normalize), "p 2", () => new Normalize("op"), Matrix),
            new(typeof(Normalize), "p 1, the last, eps 3", () => new Normalize("op", -1, 1, 3), Matrix),
            new(typeof(Normalize), "zeros", () => new Normalize("op", -1), new ParityInput([ParityInput.Batch, 4], size => zeros(size))),
            new(typeof(ArgMax), "one dimension", () => new ArgMax("op", 1), Volume),
            new(typeof(ArgMax), "the last, keepDim", () => new ArgMax("op", -1, keepDim: true), Matrix),
            new(typeof(ArgMin), "one dimension", () => new ArgMin("op", 2), Volume),
            new(typeof(TopK), "the 3 largest", () => new TopK("op", 3), Matrix),
            new(typeof(TopK), "the 2 smallest of a dimension", () => new TopK("op", 2, 1, largest: false), Volume),
            new(typeof(CumulativeSum), "the last", () => new CumulativeSum("op", -1), Matrix),
            new(typeof(CumulativeSum), "one dimension", () => new CumulativeSum("op", 1), Volume),
            new(typeof(Einsum),
                "batched product", () => Around.Of(new Einsum("op", "bij,bjk->bik"), 2, (inner, x) => [inner.call(x)]),
                new long[] { 3, 4 }, new long[] { 4, 5 }),
            new(typeof(Einsum), "sum of one", () => Around.Of(new Einsum("op", "bij->bj"), 1, (inner, x) => [inner.call(x)]),
                new long[] { 3, 4 }),
            new(typeof(Einsum),
                "three operands, ellipsis", () =>
                    Around.Of(new Einsum("op", "...i,oij,...j->...o"), 3, (inner, x) => [inner.call(x)]), new long[] { 3 },
                    ParityInput.Normal(5, 3, 4), new long[] { 4 }),
        ],
        [],
        [
            new(typeof(Variance), "open sizes", () => new Variance("op", [0]), ParityInput.Normal(ParityInput.Batch, 3)),
        ]);
}
