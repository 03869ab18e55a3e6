using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using KeypointMl.Onnx.TorchSharp.Exporting;
using static TorchSharp.torch;

namespace KeypointMl.Benchmarks;

/// <summary><c>export-cost [--runs N]</c>: time and memory of exporting a network of 25.6 million parameters.</summary>
internal static class ExportCostCommand
{
    private const string RunName = "export-cost-run";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var runs = new Option<int>("--runs")
        {
            Description = "How many exports, each in a process of its own.",
            DefaultValueFactory = _ => 5,
        };
        var command = new Command("export-cost", "Time and memory of OnnxExporter.Export for a ResNet-50.") { runs };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(runs)));
        return command;
    }

    /// <summary>One export, the first of its process.</summary>
    public static Command CreateRun()
    {
        var command = new Command(RunName);
        command.Hidden = true;
        command.SetAction(_ => RunOne());
        return command;
    }

    private static void Run(int runs)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"TorchSharp {Machine.VersionOf<Tensor>()}.");
        Console.WriteLine();
        double[][] results = [.. Enumerable.Range(0, runs)
            .Select(_ => Array.ConvertAll(
                ChildProcess.Run([RunName]).Single().Split(' '), text => double.Parse(text, CultureInfo.InvariantCulture)))];
        Console.WriteLine("Memory is the process's largest working set during the export, less its working set before: "
            + "the model that is returned is in it. Weights are counted in 32-bit floats.");
        Console.WriteLine();
        Console.WriteLine("| extra memory × the weights | seconds | parameters, millions | runs |");
        Console.WriteLine("|---:|---:|---:|---:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {new Spread(results.Select(result => result[1]))} | {new Spread(results.Select(result => result[0]))} | "
            + $"{results[0][2] / 1e6:F1} | {runs} |"));
    }

    private static void RunOne()
    {
        using var network = new ResNet50();
        using Tensor example = randn(1, 3, 224, 224);
        long weights = network.parameters().Sum(parameter => parameter.numel());
        GC.Collect();
        PeakMemory peak = PeakMemory.Begin();
        long start = Stopwatch.GetTimestamp();
        KeypointMl.Onnx.Model.OnnxModel model = OnnxExporter.Export(network, example);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double memory = (double)peak.ExtraBytes() / (weights * sizeof(float));
        GC.KeepAlive(model);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {memory} {weights}"));
    }
}
