using System.Text.Json.Nodes;
using KeypointMl.Onnx.TorchSharp.Tracing;
using KeypointMl.Training.Diagnosis;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Cli.Tests;

/// <summary>What <c>keypointml doctor</c> says of the machine that the tests run on.</summary>
[TestClass]
public sealed class DoctorTests
{
    [TestMethod]
    public void Doctor_says_in_JSON_what_it_found_and_returns_whether_all_is_well()
    {
        var output = new StringWriter();
        int code = CommandLine.Run(["doctor", "--json"], output, TextWriter.Null);
        JsonObject report = JsonNode.Parse(output.ToString())!.AsObject();
        string[] keys = ["processor", "versions", "numerics", "training_devices", "inference_devices", "ffmpeg", "problems", "advice"];
        CollectionAssert.AreEqual(keys, report.Select(pair => pair.Key).ToArray());
        Assert.AreEqual(report["problems"]!.AsArray().Count == 0 ? 0 : 1, code);
        Assert.IsTrue(report["numerics"]!["passed"]!.GetValue<bool>(), output.ToString());
        Assert.AreEqual("cpu", report["training_devices"]![0]!.GetValue<string>());
        Assert.AreEqual("cpu", report["inference_devices"]![0]!.GetValue<string>());
        foreach (string library in new[] { "keypointml", "dotnet", "torchsharp", "libtorch", "onnxruntime" })
            Assert.IsNotNull(report["versions"]![library], library);
    }

    [TestMethod]
    public void Doctor_without_a_right_way_says_that_training_does_not_work()
    {
        DoctorReport report = Report(new Finding("Training on the CPU computes wrong numbers.", "Train on another machine.")) with
        {
            NumericsPassed = false,
            NumericsChosen = null,
        };
        var output = new StringWriter();
        report.Write(output);
        Assert.IsFalse(report.IsWell);
        Assert.Contains("Does not work: Training on the CPU computes wrong numbers.", output.ToString());
        Assert.IsNull(report.ToJson()["numerics"]!["chosen"]);
        Assert.AreEqual("Train on another machine.", report.ToJson()["problems"]![0]!["do"]!.GetValue<string>());
    }

    [TestMethod]
    public void Processor_is_of_the_family_and_model_that_the_system_says()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/cpuinfo") || Processor.Current.Family is null)
            Assert.Inconclusive("Compares with /proc/cpuinfo on x86.");
        string[] lines = File.ReadAllLines("/proc/cpuinfo");
        Assert.AreEqual(Field("cpu family"), $"{Processor.Current.Family}");
        Assert.AreEqual(Field("model"), $"{Processor.Current.Model}");
        // Its name is what it calls itself now; a virtual machine's system may keep the name of where it was started.
        Assert.IsTrue(Processor.Current.Name.Length > 0 && Processor.Current.Name.All(letter => letter is >= ' ' and <= '~'),
            Processor.Current.Name);

        string Field(string name) => lines.First(line => line.Split(':')[0].Trim() == name).Split(':', 2)[1].Trim();
    }

    [TestMethod]
    public void Switches_of_libtorch_are_found()
    {
        Assert.IsTrue(LibTorchSwitches.UseNnPack(false));
        Assert.IsTrue(LibTorchSwitches.UseOneDnn(true));
    }

    [TestMethod]
    [DataRow(0, "keypointml doctor")]
    [DataRow(400, "a smaller training.learning_rate or another seed")]
    public void Divergence_points_to_the_machine_at_first_and_to_the_learning_rate_later(int step, string advice) =>
        Assert.Contains(advice, new TrainingDivergedException(step, "the loss of D is NaN").Message);

    private static DoctorReport Report(params Finding[] problems) => new()
    {
        Processor = Processor.Current,
        Processors = 2,
        Threads = 2,
        MemoryBytes = 1L << 34,
        Versions = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
        NumericsPassed = true,
        NumericsChosen = "default",
        NumericsDetail = "",
        TrainingDevices = ["cpu"],
        InferenceDevices = ["cpu"],
        Ffmpeg = null,
        Problems = [.. problems],
        Advice = [],
    };
}
