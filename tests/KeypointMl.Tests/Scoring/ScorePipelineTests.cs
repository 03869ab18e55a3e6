using KeypointMl.Inference;
using KeypointMl.Scoring;
using KeypointMl.Tests.Data;

namespace KeypointMl.Tests.Scoring;

[TestClass]
public sealed class ScorePipelineTests
{
    private const string Needed = "model: m.onnx\ninput: frames\noutput: p.parquet\n";

    [TestMethod]
    public void Pipeline_with_every_key_is_read()
    {
        ScorePipeline pipeline = Load(Needed + "boxes: b.csv\noverlays: o\nstep: 5\nbatch: 32\nthreads: 2\ndevice: cuda:1\n");

        Assert.AreEqual(
            new ScorePipeline { Model = "m.onnx", Input = "frames", Output = "p.parquet", Boxes = "b.csv", Overlays = "o", Step = 5, Batch = 32, Threads = 2, Device = KeypointDevice.Cuda(1) },
            pipeline);
    }

    [TestMethod]
    public void Committed_example_is_a_pipeline()
    {
        var pipeline = ScorePipeline.Load(Path.Combine(RealData.RepositoryRoot, "pipelines", "score", "example.yaml"));

        Assert.AreEqual("predictions/flies.parquet", pipeline.Output);
        Assert.AreEqual(16, pipeline.Batch);
    }

    [TestMethod]
    [DataRow(Needed + "btach: 3\n", 4, "unknown key 'btach'")]
    [DataRow(Needed + "batch: 0\n", 4, "expected a whole number from 1 to 1024")]
    [DataRow(Needed + "\nthreads: many\n", 5, "expected a whole number")]
    [DataRow(Needed + "device: gpu\n", 4, "expected auto, cpu or cuda:ID")]
    [DataRow("model: m.onnx\ninput: frames\n", 1, "lacks the key 'output'")]
    public void Wrong_pipeline_is_refused_by_file_and_line(string yaml, int line, string complaint)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Load(yaml));

        Assert.Contains($"pipeline.yaml:{line}: ", error.Message);
        Assert.Contains(complaint, error.Message);
    }

    private static ScorePipeline Load(string yaml)
    {
        using var folder = new TemporaryFolder();
        return ScorePipeline.Load(folder.Write("pipeline.yaml", yaml));
    }
}
