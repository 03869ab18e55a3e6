using KeypointMl.Training.Numerics;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class WrongConvolutionTests
{
    // Of the instance: a static field may be set at its first use, which is after the test.
    private readonly ConvolutionPlan original = ConvolutionPlan.Shared;

    [TestCleanup]
    public void Restore() => ConvolutionPlan.Shared = original;

    [TestMethod]
    public void Command_starts_again_with_a_lower_instruction_set_and_leaves_no_run_behind()
    {
        using var folder = new TemporaryFolder();
        ConvolutionPlan.Shared = new ConvolutionPlan(Kernels.ForwardIsOff, new FakeRuntime(), new NumericsCache(null));
        File.WriteAllText(folder["tiny.yaml"], TinyRun.Recipe().ToYaml());
        var error = new StringWriter();
        (string Name, string Value)? asked = null;
        int code = CommandLine.Run(
            ["train", folder["tiny.yaml"], "--out", folder["run"]], TextWriter.Null, error, restart: (name, value) =>
            {
                asked = (name, value);
                return 7;
            });
        Assert.AreEqual(7, code, error.ToString());
        Assert.AreEqual(("ONEDNN_MAX_CPU_ISA", "AVX2"), asked);
        Assert.IsFalse(Directory.Exists(folder["run"]));
        Assert.Contains("Starting again", error.ToString());
    }
}
