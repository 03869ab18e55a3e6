using System.CommandLine;
using System.Globalization;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Benchmarks;

/// <summary>
/// <c>convolutions [--runs N]</c>: each convolution of a detector on the float and on the integer kernel, which is what
/// the rule for narrow ones stands on.
/// </summary>
internal static class ConvolutionsCommand
{
    private const int Keypoints = 15;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "How often each detector runs, at least 1.", DefaultValueFactory = _ => 100 };
        var command = new Command("convolutions",
            "Time of each convolution in 32-bit floats and in 8-bit integers, one image, one thread, by ONNX Runtime's profiler.") { runs };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(runs)));
        return command;
    }

    private static void Run(int runs)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("| detector | convolution | weights | fp32, µs | int8, µs | × as fast |");
        Console.WriteLine("|---|---|---|---:|---:|---:|");
        Measure("64 px, width 10", size: 64, width: 10, runs);
        Measure("128 px, width 32", size: 128, width: 32, runs);
    }

    private static void Measure(string name, int size, int width, int runs)
    {
        OnnxModel model = DetectorGraph.Build(size, width, Keypoints);
        OnnxModel quantized = OnnxQuantizer.Quantize(model, CalibrationFrames.Puppets(size), new OnnxQuantizationOptions
        {
            SkipNarrowConvolutions = false,
        }).Model;
        using var floats = new ProfiledDetector(model, size);
        using var integers = new ProfiledDetector(quantized, size);
        for (int run = 0; run < runs; run++)
        {
            floats.Run();
            integers.Run();
        }
        (Dictionary<string, double> slow, Dictionary<string, double> fast) = (floats.Convolutions(), integers.Convolutions());
        Dictionary<string, OnnxInitializer> stored = model.Initializers.ToDictionary(tensor => tensor.Name);
        foreach (OnnxNode node in model.Nodes.Where(node => node.OpType == "Conv"))
        {
            string shape = string.Join('×', stored[node.Inputs[1]].Dimensions);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {node.Name} | {shape} | {slow[node.Name]:F0} | {fast[node.Name]:F0} | "
                + $"{slow[node.Name] / fast[node.Name]:F2} |"));
        }
    }
}
