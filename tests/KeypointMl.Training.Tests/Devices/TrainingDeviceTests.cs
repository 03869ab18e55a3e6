using KeypointMl.Training.Recipes;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class TrainingDeviceTests
{
    private static readonly FakeCuda CpuBuild = new(false, 0);
    private static readonly FakeCuda NoGpu = new(true, 0);
    private static readonly FakeCuda TwoGpus = new(true, 2);

    [TestMethod]
    public void Open_auto_takes_the_first_GPU_where_there_is_one()
    {
        TrainingDevice device = TrainingDevice.Open("auto", TwoGpus);
        Assert.AreEqual("cuda:0", device.Name);
        Assert.AreEqual("GPU 0", device.Description);
        Assert.AreEqual("Training on cuda:0 (GPU 0).", device.Note);
        Assert.IsFalse(device.ReadsEveryStep);
        Assert.AreEqual("cuda:1", TrainingDevice.Open("cuda:1", TwoGpus).Name);
        Assert.AreEqual("cuda:0", TrainingDevice.Open("CUDA", TwoGpus).Name);
        Assert.AreEqual("cpu", TrainingDevice.Open("cpu", TwoGpus).Name);
    }

    [TestMethod]
    public void Open_auto_without_a_GPU_takes_the_CPU_and_says_why()
    {
        TrainingDevice device = TrainingDevice.Open("auto", CpuBuild);
        Assert.AreEqual("cpu", device.Name);
        Assert.IsTrue(device.ReadsEveryStep);
        StringAssert.StartsWith(device.Note, "Training on the CPU (");
        StringAssert.EndsWith(device.Note, "), because the libtorch of this process is built for the CPU.");
        StringAssert.EndsWith(TrainingDevice.Open("auto", NoGpu).Note, "because libtorch finds no CUDA device.");
    }

    [TestMethod]
    public void Open_GPU_that_is_missing_throws_and_says_what_to_install()
    {
        string message = Assert.ThrowsExactly<NotSupportedException>(() => TrainingDevice.Open("cuda", CpuBuild)).Message;
        StringAssert.StartsWith(message, "The device cuda:0 was asked for, but the libtorch of this process is built for the CPU.");
        StringAssert.Contains(message, "dotnet build -p:KeypointDevice=cuda");
        StringAssert.Contains(message, OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux");
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => TrainingDevice.Open("cuda:7", TwoGpus)).Message,
            "libtorch finds 2 CUDA devices, cuda:0 to cuda:1.");
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => TrainingDevice.Open("cuda:0", NoGpu)).Message,
            "NVIDIA GPU and its driver");
    }

    [TestMethod]
    [DataRow("gpu")]
    [DataRow("tensorrt")]
    [DataRow("cuda:-1")]
    [DataRow("")]
    public void Open_other_words_throws(string word) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => TrainingDevice.Open(word, TwoGpus)).Message,
            $"'{word}' is not a device to train on; expected 'auto', 'cpu'");

    [TestMethod]
    public void Recipe_device_is_checked_and_is_not_part_of_what_a_run_is()
    {
        Recipe recipe = TinyRun.Recipe();
        Recipe elsewhere = recipe with { Training = recipe.Training with { Device = "cuda:1" } };
        Assert.AreEqual(recipe.Hash, elsewhere.Hash);
        Assert.AreEqual(0, elsewhere.DifferencesFrom(recipe).Count);
        StringAssert.Contains(elsewhere.ToYaml(), "device: cuda:1");
        Assert.AreEqual("cuda:1", Recipe.Parse(elsewhere.ToYaml()).Training.Device);
        RecipeException thrown = Assert.ThrowsExactly<RecipeException>(() => (recipe with
        {
            Training = recipe.Training with { Device = "gpu" },
        }).Validate());
        Assert.AreEqual("training.device", thrown.Problems.Single().Key);
    }

    [TestMethod]
    public void Resume_on_another_device_follows_the_caller()
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = TinyRun.Recipe();
        RunFolder.Create(folder["run"], recipe with { Training = recipe.Training with { Device = "cuda" } }).Dispose();
        using (RunFolder run = RunFolder.Resume(folder["run"], recipe with { Training = recipe.Training with { Device = "cpu" } }))
            Assert.AreEqual("cpu", run.Recipe.Training.Device);
        using (RunFolder run = RunFolder.Resume(folder["run"]))
            Assert.AreEqual("cuda", run.Recipe.Training.Device);
    }

    [TestMethod]
    public void Train_says_where_it_trains()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe(steps: 1, pretraining: 0));
        using var output = new StringWriter();
        TrainingResult result = new Trainer(run, TinyRun.Puppets, new PlainProgress(output), TrainingDevice.Cpu).Train();
        StringAssert.Contains(output.ToString(), TrainingDevice.Cpu.Note);
        Assert.AreEqual("cpu", result.Device.Name);
    }

    private sealed record FakeCuda(bool IsBuiltIn, int Devices) : ICudaRuntime
    {
        public string NameOf(int device) => $"GPU {device}";
    }
}
