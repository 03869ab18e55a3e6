using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx.Trust;

[TestClass]
public sealed class OfficialCheckerTests
{
    public static IEnumerable<string> SampleNames => SampleModels.All.Keys;

    [TestMethod]
    public void Official_checker_is_there_to_compare_with()
    {
        if (!OfficialChecker.IsAvailable)
        {
            Assert.Inconclusive(
                "No Python that has the package 'onnx' was found, so nothing was compared with the official checker. "
                + "On Debian: apt-get install python3-onnx.");
        }
        Assert.IsTrue(OfficialChecker.Check(SmallModel.ConvNormRelu().ToArray()).IsValid);
        Assert.IsNotNull(OfficialChecker.Check([8, 8]).Fault, "a model without a graph");
    }

    [TestMethod]
    [DynamicData(nameof(SampleNames))]
    public void Sample_is_valid_for_both(string name)
    {
        OnnxModel model = OnnxModel.Load(SampleModels.All[name]().ToArray());
        Assert.IsEmpty(OnnxChecker.Check(model), string.Join(" | ", OnnxChecker.Check(model)));
        OfficialChecker.AssertAgrees(model);
    }

    [TestMethod]
    [DataRow("puppets")]
    [DataRow("flies")]
    public void Shipped_model_is_valid_for_both(string name)
    {
        foreach (string file in (string[])["detector.onnx", "generator.onnx"])
        {
            OnnxModel model = OnnxModel.Load(Path.Combine(RepositoryFiles.Root, "onnx", name, file));
            Assert.IsEmpty(OnnxChecker.Check(model));
            OfficialChecker.AssertAgrees(model);
        }
    }
}
