using System.CommandLine;
using System.Globalization;

namespace KeypointMl.Benchmarks;

/// <summary><c>throughput [--images N] [--rounds R]</c>: image files to keypoints through ML.NET, ours and its own transforms.</summary>
internal static class ThroughputCommand
{
    private const string RowName = "throughput-row";
    private static readonly int[] Processors = [1, 2];

    private static readonly (string Name, Func<DetectorFile> Create)[] Detectors =
    [
        ("small", DetectorFile.Small), ("paper-128", DetectorFile.Paper128),
    ];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new ThroughputOptions();
        var command = new Command("throughput",
            "JPEGs of 640×480 from disk to keypoints: DetectKeypoints, ML.NET's own chain on the same graph, and the floor "
            + "(decode alone + session alone), on 1 and 2 processors.");
        options.AddTo(command);
        var detector = new Option<string?>("--detector")
        {
            Description = "Only one of the detectors.",
            HelpName = string.Join('|', Detectors.Select(known => known.Name)),
        };
        detector.AcceptOnlyFromAmong([.. Detectors.Select(known => known.Name)]);
        command.Add(detector);
        command.SetAction(parsed => Run(parsed, options, parsed.GetValue(detector)));
        return command;
    }

    /// <summary>One row of the table, in a process that sees only the processors it may use.</summary>
    public static Command CreateRow()
    {
        var options = new ThroughputOptions();
        var detector = new Argument<string>("detector");
        var command = new Command(RowName) { detector };
        command.Hidden = true;
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            using var photos = new Photos(parsed.GetRequiredValue(options.Images));
            var row = new ThroughputRow(photos, parsed.GetRequiredValue(options.Chunk), parsed.GetRequiredValue(options.Rounds));
            Console.WriteLine(row.Measure(Detectors.Single(known => known.Name == parsed.GetRequiredValue(detector)).Create()));
        });
        return command;
    }

    private static void Run(ParseResult parsed, ThroughputOptions options, string? only)
    {
        int images = parsed.GetRequiredValue(options.Images);
        int chunk = parsed.GetRequiredValue(options.Chunk);
        Console.WriteLine(Machine.Describe());
        using (var sample = new Photos(20))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{images} JPEGs of 640×480, {sample.MeanBytes / 1024:F0} KB each, in turns of {chunk}."));
        Console.WriteLine();
        Console.WriteLine(ThroughputRow.Header);
        foreach ((string name, _) in Detectors.Where(known => only is null || known.Name == only))
        {
            foreach (int processors in Processors)
            {
                Console.WriteLine(ChildProcess.Run(
                    [RowName, name, "--images", $"{images}", "--chunk", $"{chunk}", "--rounds",
                        $"{parsed.GetRequiredValue(options.Rounds)}"], processors).Single());
            }
        }
    }
}
