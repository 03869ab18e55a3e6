using KeypointMl.Inference;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class KeypointDeviceTests
{
    [TestMethod]
    [DataRow("auto")]
    [DataRow("cpu")]
    [DataRow("cuda:0")]
    [DataRow("cuda:3")]
    public void Parse_text_round_trips(string text) => Assert.AreEqual(text, KeypointDevice.Parse(text.ToUpperInvariant()).ToString());

    [TestMethod]
    public void Parse_cuda_without_a_number_is_the_first() => Assert.AreEqual(KeypointDevice.Cuda(), KeypointDevice.Parse("cuda"));

    [TestMethod]
    [DataRow("gpu")]
    [DataRow("")]
    [DataRow("cuda:")]
    [DataRow("cuda:-1")]
    [DataRow("cuda:x")]
    public void Parse_other_text_lists_what_is_expected(string text) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => KeypointDevice.Parse(text)).Message, $"'{text}' is not a device; expected 'auto'");

    [TestMethod]
    public void Default_is_auto() => Assert.AreEqual(KeypointDevice.Auto, default);
}
