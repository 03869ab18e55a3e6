using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class LinearCases
{
    public static CaseFamily Family { get; } = new(
        "Linear layers, embeddings and distances",
        [
            new(typeof(Linear), "on a matrix", () => nn.Linear(7, 5), new long[] { 7 }),
            new(typeof(Linear), "on a matrix, without bias", () => nn.Linear(7, 5, hasBias: false), new long[] { 7 }),
            new(typeof(Linear), "on a stack", () => nn.Linear(7, 5), new long[] { 3, 7 }),
            new(typeof(Linear), "on a stack, without bias", () => nn.Linear(7, 5, hasBias: false), new long[] { 4, 3, 7 }),
            new(typeof(Bilinear), "on matrices", () => nn.Bilinear(4, 3, 5), new long[] { 4 }, new long[] { 3 }),
            new(typeof(Bilinear), "on stacks, without bias", () => nn.Bilinear(4, 3, 5, hasBias: false), new long[] { 2, 4 },
                new long[] { 2, 3 }),
            new(typeof(Embedding), "on sequences", () => nn.Embedding(11, 4), ParityInput.Below(11, ParityInput.Batch, 5)),
            new(typeof(Embedding), "padding_idx 2", () => nn.Embedding(11, 4, padding_idx: 2), ParityInput.Below(11, ParityInput.Batch, 5)),
            new(typeof(Embedding), "max_norm 1", () => nn.Embedding(11, 4, max_norm: 1), ParityInput.Below(11, ParityInput.Batch, 5)),
            Bag("mode sum", EmbeddingBagMode.Sum),
            Bag("mode mean", EmbeddingBagMode.Mean),
            Bag("mode max", EmbeddingBagMode.Max),
            Bag("mode sum, padding_index 3", EmbeddingBagMode.Sum, 3),
            Bag("mode mean, padding_index 3", EmbeddingBagMode.Mean, 3),
            new(
                typeof(EmbeddingBag),
                "mode sum, weights per item",
                () => Around.Of(nn.EmbeddingBag(5, 4, mode: EmbeddingBagMode.Sum),
                    2, (bag, inputs) => [bag.call(inputs[0], null, inputs[1])]),
                ParityInput.Below(5, ParityInput.Batch, 6),
                ParityInput.Normal(ParityInput.Batch, 6)),
            new(typeof(EmbeddingBag), "max_norm 1, mode mean", () => nn.EmbeddingBag(5, 4, max_norm: 1),
                ParityInput.Below(5, ParityInput.Batch, 6)),
            new(typeof(CosineSimilarity), "over features", () => nn.CosineSimilarity(), new long[] { 6 }, new long[] { 6 }),
            new(typeof(CosineSimilarity), "over channels, broadcast, eps 0.5", () => nn.CosineSimilarity(1, 0.5), new long[] { 3, 4 },
                new long[] { 3, 1 }),
            new(typeof(CosineSimilarity), "with zeros", () => nn.CosineSimilarity(),
                new ParityInput([ParityInput.Batch, 6], size => zeros(size)), new long[] { 6 }),
            new(typeof(PairwiseDistance), "p 2", () => nn.PairwiseDistance(), new long[] { 6 }, new long[] { 6 }),
            new(typeof(PairwiseDistance), "p 1, keepdim", () => nn.PairwiseDistance(1, keepdim: true), new long[] { 6 }, new long[] { 6 }),
            new(typeof(PairwiseDistance), "p 3, eps 0.1", () => nn.PairwiseDistance(3, 0.1), new long[] { 6 }, new long[] { 6 }),
            new(typeof(PairwiseDistance), "p ∞", () => nn.PairwiseDistance(double.PositiveInfinity), new long[] { 6 }, new long[] { 6 }),
        ],
        [],
        [
            new(
                typeof(EmbeddingBag),
                "bags that begin at offsets",
                () => Around.Of(nn.EmbeddingBag(5, 4), 2, (bag, inputs) => [bag.call(inputs[0], inputs[1])]),
                ParityInput.Below(5, 6),
                new ParityInput([2], _ => tensor([0L, 2L]))),
            new(typeof(EmbeddingBag),
                "mode max, padding_index", () => nn.EmbeddingBag(5, 4, mode: EmbeddingBagMode.Max, padding_index: 3),
                ParityInput.Below(5, 2, 6)),
            new(typeof(CosineSimilarity), "broadcast along the dimension compared", () => nn.CosineSimilarity(1), new long[] { 3, 4 },
                new long[] { 1, 4 }),
        ]);

    private static ParityCase Bag(string options, EmbeddingBagMode mode, long padding = -1) =>
        new(typeof(EmbeddingBag), options, () => nn.EmbeddingBag(5, 4, mode: mode, padding_index: padding),
            ParityInput.Below(5, ParityInput.Batch, 6));
}
