namespace KeypointMl.Onnx.TorchSharp.Tests;

[TestClass]
public sealed class CoverageTests
{
    public static IEnumerable<object[]> Cases => CoverageCatalog.Cases.Select(parity => new object[] { parity.ToString() });

    public static IEnumerable<object[]> Spaces => CoverageCatalog.Spaces.Select(space => new object[] { space.ToString() });

    public static IEnumerable<object[]> Refusals => CoverageCatalog.Refusals.Select(refusal => new object[] { refusal.ToString() });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Named_options_agree_at_every_opset(string name) => CoverageCatalog.Cases.Single(parity => parity.ToString() == name).Run();

    [TestMethod]
    [DynamicData(nameof(Spaces))]
    public void Options_chosen_at_random_agree(string name)
    {
        OptionSpace space = CoverageCatalog.Spaces.Single(space => space.ToString() == name);
        int count = 0;
        space.Check((_, _) => count++);
        Assert.AreEqual(space.Count, count);
    }

    [TestMethod]
    [DynamicData(nameof(Refusals))]
    public void Options_without_a_counterpart_are_refused_by_name(string name)
    {
        string message = CoverageCatalog.Refusals.Single(refusal => refusal.ToString() == name).Message();
        // What is wrong, and what to do.
        Assert.IsGreaterThanOrEqualTo(2, message.Split(". ").Length, message);
    }
}
