using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>The reference of the parity tests, whose own check must see wrong kernels.</summary>
[TestClass]
public sealed class ReferenceTests
{
    [TestMethod]
    public void Reference_gives_what_the_module_gives_in_evaluation_mode()
    {
        using var module = nn.Sequential(("drop", nn.Dropout(0.9)), ("act", nn.ReLU()));
        module.train();
        Tensor input = tensor([1f, -2f]);
        Assert.IsTrue(tensor([1f, 0f]).Equals(Reference.Of(module, [input])[0]));
        Assert.IsTrue(module.training);
    }

    [TestMethod]
    [DataRow("LSTM")]
    [DataRow("Conv2d")]
    public void Kernel_that_loses_its_last_channel_is_seen(string kind)
    {
        string[] wrong = Reference.WrongLayers((module, inputs) =>
        {
            // Right on every processor but for what is spoilt here.
            Tensor[] results = Reference.Of(module, inputs);
            if (module.GetType().Name == kind)
                results[0].narrow(kind == "LSTM" ? -1 : 1, -1, 1).zero_();
            return results;
        });
        Assert.IsNotEmpty(wrong);
        Assert.IsTrue(wrong.All(name => name.StartsWith(kind, StringComparison.Ordinal)), string.Join(", ", wrong));
    }

    [TestMethod]
    public void Check_leaves_the_random_numbers_of_a_test_alone()
    {
        manual_seed(5);
        float expected = rand(1).item<float>();
        manual_seed(5);
        Reference.WrongLayers(ModuleCall.Invoke);
        Assert.AreEqual(expected, rand(1).item<float>());
    }
}
