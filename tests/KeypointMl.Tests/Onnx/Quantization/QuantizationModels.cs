using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Tests.Onnx.Quantization;

/// <summary>Models that have every operator that is quantised, data for them, and what ONNX Runtime makes of them.</summary>
internal static class QuantizationModels
{
    /// <summary>
    /// image [N,16,8,8] → Conv → Relu → MaxPool → Conv → Add with what the pool gave → Relu → AveragePool → LeakyRelu →
    /// Resize ×2, nearest → Concat with what the Add gave → Conv → GlobalAveragePool → Flatten → Gemm → scores [N,5].
    /// </summary>
    public static OnnxModel EveryOperator()
    {
        var random = new Random(11);
        var builder = new OnnxGraphBuilder("everything");
        string image = builder.AddInput("image", OnnxElementType.Float, "N", 16, 8, 8);
        builder.ReserveName("scores");
        string first = builder.AddNode("first/relu", "Relu", [Conv(builder, random, "first", image, 16, 16)]);
        string pooled = builder.AddNode(
            "pool", "MaxPool", [first], OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2));
        string sum = builder.AddNode("sum", "Add", [Conv(builder, random, "second", pooled, 16, 16), pooled]);
        string rectified = builder.AddNode("sum/relu", "Relu", [sum]);
        string average = builder.AddNode(
            "average", "AveragePool", [rectified], OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2));
        string leaky = builder.AddNode("leaky", "LeakyRelu", [average], OnnxAttribute.Float("alpha", 0.1f));
        string scales = builder.AddConstant<float>("scales", [1, 1, 2, 2], 4);
        string enlarged = builder.AddNode("enlarge", "Resize", [leaky, "", scales], OnnxAttribute.Text("mode", "nearest"),
            OnnxAttribute.Text("coordinate_transformation_mode", "asymmetric"));
        string both = builder.AddNode("both", "Concat", [enlarged, rectified], OnnxAttribute.Int("axis", 1));
        string global = builder.AddNode("global", "GlobalAveragePool", [Conv(builder, random, "third", both, 32, 24)]);
        string flat = builder.AddNode("flat", "Flatten", [global]);
        string weight = builder.AddInitializer<float>("dense.weight", Values(random, 5 * 24, 0.5), 5, 24);
        string bias = builder.AddInitializer<float>("dense.bias", Values(random, 5, 0.5), 5);
        string dense = builder.AddNode("dense", "Gemm", [flat, weight, bias], OnnxAttribute.Int("transB", 1));
        builder.RenameValue(dense, "scores");
        builder.AddOutput("scores", OnnxElementType.Float, "N", 5);
        return builder.Build();
    }

    /// <summary>A 3×3 convolution with bias, its weights such that numbers neither grow nor shrink.</summary>
    public static string Conv(OnnxGraphBuilder builder, Random random, string name, string input, int from, int to)
    {
        string weight = builder.AddInitializer<float>(
            $"{name}.weight", Values(random, to * from * 9, Math.Sqrt(6.0 / (from * 9))), to, from, 3, 3);
        string bias = builder.AddInitializer<float>($"{name}.bias", Values(random, to, 0.1), to);
        return builder.AddNode(name, "Conv", [input, weight, bias], OnnxAttribute.Ints("pads", 1, 1, 1, 1));
    }

    /// <summary>Batches of four images for <see cref="EveryOperator"/>, of numbers in [−1,1].</summary>
    public static List<CalibrationBatch> Batches(int count = 4, int seed = 12)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => CalibrationBatch.Create("image", Values(random, 4 * 16 * 8 * 8, 1), 4, 16, 8, 8))];
    }

    /// <summary>Even numbers in [−scale, scale].</summary>
    public static float[] Values(Random random, int count, double scale) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(((random.NextDouble() * 2) - 1) * scale))];

    /// <summary>An output of a model for a batch.</summary>
    public static float[] Run(OnnxModel model, CalibrationBatch batch, string output)
    {
        float[] found = [];
        using var runner = new ModelRunner(model, [output]);
        runner.Run(batch, 0, (_, elements) => found = elements.ToArray());
        return found;
    }

    /// <summary>The nodes that ONNX Runtime runs in place of the model's.</summary>
    public static List<OnnxNode> Optimized(OnnxModel model)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            using var options = new SessionOptions
            {
                OptimizedModelFilePath = path,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            using var session = new InferenceSession(model.ToArray(), options);
            return [.. OnnxModel.Load(path).Nodes];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
