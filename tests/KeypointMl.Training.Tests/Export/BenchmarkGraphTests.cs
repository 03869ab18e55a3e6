using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Training.Export;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class BenchmarkGraphTests
{
    [TestMethod]
    [DataRow(32, 6)]
    [DataRow(64, 10)]
    public void Graph_whose_speed_the_benchmarks_measure_does_the_arithmetic_of_the_exporters(int size, int width)
    {
        Recipe recipe = TinyRun.Recipe() with { Size = size };
        recipe = recipe with { Networks = recipe.Networks with { Width = width, RegressorWidth = width } };
        using ITrainedModel model = TrainedModels.Create(recipe, TinyRun.Puppets.Skeleton);
        using var graph = new DetectorGraph(model.Detector, null, null, size, size);
        graph.eval();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor images = zeros([2, size, size, 3], ScalarType.Byte, CPU);
        OnnxModel exported = OnnxExporter.Export(graph, images, new OnnxExportOptions
        {
            InputNames = ["image"],
            OutputNames = ["keypoints", "confidence"],
        });

        OnnxSummary expected = OnnxInspector.Summarize(exported);
        OnnxSummary measured = OnnxInspector.Summarize(Benchmarks.DetectorGraph.Build(size, width, TinyRun.Puppets.Skeleton.Count));

        Assert.AreEqual(expected.MultiplyAdds, measured.MultiplyAdds);
        Assert.AreEqual(string.Join(", ", expected.Operators), string.Join(", ", measured.Operators));
    }
}
