using KeypointMl.Onnx.TorchSharp.Exporting;
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
}
