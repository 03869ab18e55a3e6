using System.CommandLine;
using KeypointMl.Onnx;

namespace KeypointMl.Benchmarks;

/// <summary><c>precision [--seconds S]</c>: how fast a detector runs in 32-bit floats and quantised.</summary>
internal static class PrecisionCommand
{
    private const int PuppetKeypoints = 15;
    private const int PaperKeypoints = 32;
    private static readonly int[] _batches = [1, 8];
    private static readonly int[] _threads = [1, 2];

    // The first is what the others are compared with.
    private static readonly (string Name, OnnxQuantizationOptions? Options)[] _variants =
    [
        ("fp32", null),
        ("int8", OnnxQuantizationOptions.Default),
        ("int8, narrow ones too", OnnxQuantizationOptions.Default with { SkipNarrowConvolutions = false }),
        ("int8, S8S8", OnnxQuantizationOptions.Default with { Activation = QuantizedActivation.Int8 }),
    ];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long to measure each row of the table.", DefaultValueFactory = _ => 20 };
        var command = new Command("precision", "Speed of detectors in 32-bit floats and quantised, at batch 1 and 8, on 1 and 2 threads.") { seconds };
        command.SetAction(parsed => Run(TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds))));
        return command;
    }

    private static void Run(TimeSpan duration)
    {
        var shipped = OnnxModel.Load(Path.Combine(AppContext.BaseDirectory, "onnx", "puppets", "detector.onnx"));
        DetectorGraph.RequireLikeShipped(shipped, PuppetKeypoints);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine($"| detector | batch | threads | rounds | {string.Join(" | ", _variants.Select((variant, index) => index == 0 ? $"{variant.Name}, ms" : $"{variant.Name}, ms | × as fast"))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", 3 + (2 * _variants.Length) - 1))}");
        Measure("puppets, 64 px (shipped)", shipped, 64, PuppetKeypoints, duration);
        Measure("shapes of paper-128", DetectorGraph.Build(128, 32, PaperKeypoints), 128, PaperKeypoints, duration);
    }

    private static void Measure(string name, OnnxModel model, int size, int keypoints, TimeSpan duration)
    {
        OnnxModel[] models = [.. _variants.Select(variant => variant.Options is null ? model : OnnxQuantizer.Quantize(model, CalibrationFrames.Puppets(size), variant.Options).Model)];
        foreach (int threads in _threads)
        {
            foreach (int batch in _batches)
            {
                DetectorSession[] sessions = [.. models.Select(variant => new DetectorSession(variant, size, keypoints, batch, threads))];
                TimedAlternative[] timed = InterleavedTimer.Run([.. sessions.Select(session => (Action)session.Run)], duration);
                string cells = string.Join(" | ", timed.Select((variant, index) => index == 0 ? variant.Milliseconds : $"{variant.Milliseconds} | {variant.Speed}"));
                Console.WriteLine($"| {name} | {batch} | {threads} | {timed[0].Rounds} | {cells} |");
                foreach (DetectorSession session in sessions)
                    session.Dispose();
            }
        }
    }
}
