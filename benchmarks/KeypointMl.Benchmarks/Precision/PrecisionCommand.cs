using System.CommandLine;
using System.Globalization;
using KeypointMl.Onnx.Quantization;

namespace KeypointMl.Benchmarks;

/// <summary><c>precision [--seconds S]</c>: how fast a detector runs in 32-bit floats and quantised.</summary>
internal static class PrecisionCommand
{
    private static readonly int[] Batches = [1, 8];
    private static readonly int[] Threads = [1, 2];

    // The first is what the others are compared with.
    private static readonly (string Name, OnnxQuantizationOptions? Options)[] Variants =
    [
        ("fp32", null),
        ("int8", OnnxQuantizationOptions.Default),
        ("int8, narrow ones too", OnnxQuantizationOptions.Default with { SkipNarrowConvolutions = false }),
        ("int8, S8S8", OnnxQuantizationOptions.Default with { Activation = QuantizedActivation.Int8 }),
    ];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long to measure each row of the table.",
            DefaultValueFactory = _ => 20,
        };
        var command = new Command(
            "precision", "Speed of detectors in 32-bit floats and quantised, at batch 1 and 8, on 1 and 2 threads.") { seconds };
        command.SetAction(parsed => Run(TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds))));
        return command;
    }

    private static void Run(TimeSpan duration)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("| detector | batch | threads | rounds | "
            + $"{string.Join(" | ", Variants.Select((variant, index) => index == 0 ? $"{variant.Name}, ms" : $"{variant.Name}, ms | × as fast"))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", 3 + (2 * Variants.Length) - 1))}");
        Measure(DetectorFile.Small(), duration);
        Measure(DetectorFile.Paper128(), duration);
    }

    private static void Measure(DetectorFile detector, TimeSpan duration)
    {
        DetectorFile[] detectors = [.. Variants.Select(variant => variant.Options is null ? detector : detector with
        {
            Model = OnnxQuantizer.Quantize(detector.Model, CalibrationFrames.Puppets(detector.Size), variant.Options).Model,
        })];
        foreach (int threads in Threads)
        {
            foreach (int batch in Batches)
            {
                DetectorSession[] sessions = [.. detectors.Select(variant => new DetectorSession(variant, batch, threads))];
                TimedAlternative[] timed = InterleavedTimer.Run([.. sessions.Select(session => (Action)(() => session.Run()))], duration);
                string cells = string.Join(" | ", timed.Select((variant, index) => Cells(variant, isFirst: index == 0)));
                Console.WriteLine($"| {detector.Name} | {batch} | {threads} | {timed[0].Times.Count} | {cells} |");
                foreach (DetectorSession session in sessions)
                    session.Dispose();
            }
        }
    }

    private static string Cells(TimedAlternative variant, bool isFirst) =>
        string.Create(CultureInfo.InvariantCulture, $"{variant.Milliseconds.Median:F2}{(isFirst ? "" : $" | {variant.Speed}")}");
}
