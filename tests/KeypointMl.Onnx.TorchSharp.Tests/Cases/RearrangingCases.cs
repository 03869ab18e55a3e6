using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Operations that move, pick or repeat elements.</summary>
internal static class RearrangingCases
{
    private static readonly ParityInput Matrix = new long[] { 3, 6 };
    private static readonly ParityInput Image = new long[] { 2, 5, 6 };

    public static CaseFamily Family { get; } = new(
        "Rearranging",
        [
            new(typeof(Concat), "one dimension", () => new Concat("op", 1), new long[] { 3, 4 }, new long[] { 2, 4 }),
            new(typeof(Concat), "the last", () => new Concat("op", -1), new long[] { 3, 4 }, new long[] { 3, 2 }),
            new(typeof(ConcatAll), "three tensors", () => Around.Of(new ConcatAll("op", 1), 3, (inner, x) => [inner.call(x)]),
                new long[] { 1 }, new long[] { 2 }, new long[] { 3 }),
            new(typeof(Stack), "three tensors", () => Around.Of(new Stack("op", 1), 3, (inner, x) => [inner.call(x)]), Matrix,
                Matrix, Matrix),
            new(typeof(Stack), "behind the last", () => Around.Of(new Stack("op", -1), 2, (inner, x) => [inner.call(x)]), Matrix, Matrix),
            new(typeof(Split), "1, 2 and 3", () => new Split("op", -1, 1, 2, 3), Matrix),
            new(typeof(Chunk), "3 of 6", () => new Chunk("op", 2, 3), Matrix),
            new(typeof(Chunk), "4 of 6, which are 3", () => new Chunk("op", -1, 4), Matrix),
            new(typeof(Permute), "all dimensions", () => new Permute("op", 0, 3, -3, 2), Image),
            new(typeof(Permute), "the batch too", () => new Permute("op", 1, 0, 2), Matrix),
            new(typeof(Transpose), "the last two", () => new Transpose("op", -1, -2), Image),
            new(typeof(Transpose), "with the batch", () => new Transpose("op", 0, 1), Matrix),
            new(typeof(Reshape), "keeping one, taking what is left", () => new Reshape("op", 0, -1, 2), new long[] { 3, 4 }),
            new(typeof(Unsqueeze), "one dimension", () => new Unsqueeze("op", 2), Matrix),
            new(typeof(Squeeze), "one dimension", () => new Squeeze("op", -2), new long[] { 1, 6 }),
            new(typeof(Slice), "every second", () => new Slice("op", -1, 1, step: 2), Matrix),
            new(typeof(Slice), "from the end", () => new Slice("op", 1, -2, -1), Matrix),
            new(typeof(Flip), "two dimensions", () => new Flip("op", 1, -1), Matrix),
            new(typeof(Expand), "one dimension", () => new Expand("op", -1, 4, 6), new long[] { 1, 6 }),
            new(typeof(Expand), "a new dimension", () => new Expand("op", 3, -1, -1), new long[] { 6 }),
            new(typeof(Repeat), "two dimensions", () => new Repeat("op", 1, 2, 3), Matrix),
            new(typeof(Repeat), "a new dimension", () => new Repeat("op", 2, 1, 3), new long[] { 6 }),
            new(typeof(Gather), "an index of its own", () => new Gather("op", 2), Matrix, ParityInput.Below(6, ParityInput.Batch, 3, 2)),
            new(typeof(IndexSelect), "a vector of indices", () => new IndexSelect("op", -1), Matrix, ParityInput.Below(6, 4)),
            new(typeof(AddPositions),
                "a learned table of the sequence's length", () => new AddPositions("op", nn.Parameter(randn(3, 6))), Matrix),
            new(typeof(AddPositions), "a longer table", () => new AddPositions("op", randn(5, 6)), Matrix),
            new(typeof(AddPositions), "an open length", () => new AddPositions("op", randn(5, 6)),
                ParityInput.Normal(2, ParityInput.Batch, 6)),
            new(typeof(MaxPoolWithIndices), "one dimension", () => new MaxPoolWithIndices("op", [3], [2], [1]), new long[] { 2, 9 }),
            new(typeof(MaxPoolWithIndices), "two dimensions", () => new MaxPoolWithIndices("op", [2, 2]), new long[] { 2, 6, 7 }),
            new(typeof(MaxPoolWithIndices), "three dimensions", () => new MaxPoolWithIndices("op", [2, 3, 2]), new long[] { 2, 4, 6, 4 }),
            .. from mode in new[] { GridSampleMode.Bilinear, GridSampleMode.Nearest }
               from padding in Enum.GetValues<GridSamplePaddingMode>()
               from corners in new[] { false, true }
               select new ParityCase(
                   typeof(GridSample),
                   $"{mode}, {padding}{(corners ? ", alignCorners" : "")}",
                   () => new GridSample("op", padding, corners, mode),
                   Image,
                   new long[] { 3, 4, 2 }),
        ],
        [],
        [
            new(typeof(Squeeze), "a size that is not 1", () => new Squeeze("op", 1), ParityInput.Normal(2, 3)),
            new(typeof(Chunk), "an open size", () => new Chunk("op", 0, 2), ParityInput.Normal(ParityInput.Batch, 3)),
            new(typeof(MaxPoolWithIndices), "open sizes", () => new MaxPoolWithIndices("op", [2]),
                ParityInput.Normal(2, 3, ParityInput.Batch)),
        ]);
}
