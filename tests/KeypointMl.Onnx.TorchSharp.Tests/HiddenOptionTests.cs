using KeypointMl.Onnx.TorchSharp.Exporting;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Options that TorchSharp hides are found out by trial, of which nothing may be left behind.</summary>
[TestClass]
public sealed class HiddenOptionTests
{
    [TestMethod]
    public void Export_of_a_transformer_leaves_the_random_numbers_of_the_caller_alone()
    {
        using var module = nn.TransformerEncoderLayer(8, 2, 16);
        Tensor example = randn(3, 2, 8);
        manual_seed(60);
        float expected = rand(1).item<float>();
        manual_seed(60);

        OnnxExporter.Export(module, example);

        Assert.AreEqual(expected, rand(1).item<float>());
    }

    [TestMethod]
    public void Export_of_an_embedding_with_max_norm_leaves_the_rows_that_the_example_did_not_use_alone()
    {
        manual_seed(61);
        using var module = nn.Embedding(6, 4, max_norm: 0.5);
        Tensor before = module.weight!.detach().clone();

        OnnxExporter.Export(module, tensor([0L, 1L]));

        // A call of the module shrinks the rows that it uses, in place.
        Assert.IsFalse(before[0].Equals(module.weight![0]));
        Assert.IsTrue(before[TensorIndex.Slice(2)].Equals(module.weight![TensorIndex.Slice(2)]));
    }

    [TestMethod]
    public void Attention_without_weights_that_tell_its_heads_apart_is_exported_with_any()
    {
        // Output weights of zero hide the heads from every input, so any number of them computes the same.
        using var module = nn.MultiheadAttention(8, 4);
        using (no_grad())
            module.get_parameter("out_proj.weight")!.zero_();
        using nn.Module outer = Around.Of(module, 1, (inner, x) => [inner.call(x[0], x[0], x[0], null, false, null).Item1]);
        Tensor example = randn(3, 2, 8);

        var model = OnnxExporter.Export(outer, example);

        Parity.Compare(outer, model, [randn(3, 5, 8).slice(1, 0, 2, 1)]);
    }

    [TestMethod]
    public void Attention_whose_weights_alone_tell_its_heads_apart_is_exported_with_its_own()
    {
        manual_seed(63);
        using var module = nn.MultiheadAttention(8, 4);
        using (no_grad())
            module.get_parameter("out_proj.weight")!.zero_();
        using nn.Module outer = Around.Of(module, 1, (inner, x) =>
        {
            (Tensor output, Tensor weights) = inner.call(x[0], x[0], x[0], null, true, null);
            return [output, weights];
        });

        var model = OnnxExporter.Export(outer, randn(3, 2, 8));

        Parity.Compare(outer, model, [randn(3, 2, 8)]);
    }

    // Trying every row of zeros as the padding would make tens of thousands of tables.
    [TestMethod]
    [Timeout(60_000)]
    public void Padding_of_an_embedding_bag_is_found_among_thousands_of_rows_of_zeros()
    {
        manual_seed(62);
        const long Count = 20_000;
        using var module = nn.EmbeddingBag(Count, 4, mode: EmbeddingBagMode.Mean, padding_index: 7);
        using (no_grad())
            module.get_parameter("weight")![TensorIndex.Slice(20)].zero_();
        using nn.Module outer = Around.Of(module, 1, (bag, x) => [bag.call(x[0], null, null)]);
        Tensor before = module.get_parameter("weight")!.detach().clone();

        var model = OnnxExporter.Export(outer, tensor([1L, 7, 9, 30], 2, 2));

        Parity.Compare(outer, model, [tensor([7L, 7, 5, 7, 3, 30], 3, 2)]);
        Assert.IsTrue(before.Equals(module.get_parameter("weight")!));
    }
}
