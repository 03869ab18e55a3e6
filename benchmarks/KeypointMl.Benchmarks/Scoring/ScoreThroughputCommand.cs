using System.CommandLine;
using System.Globalization;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Benchmarks;

/// <summary>
/// <c>score-throughput [--images N] [--rounds R]</c>: image files into a Parquet file by <see cref="Scorer"/>, against
/// <see cref="BareLoop"/>.
/// </summary>
internal static class ScoreThroughputCommand
{
    private const string RowName = "score-throughput-row";
    private const int BatchSize = 16;
    private static readonly int[] Processors = [1, 2];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new ThroughputOptions();
        var command = new Command("score-throughput",
            "JPEGs of 640×480 into a Parquet file by the score command's engine, against a bare loop of decoding and "
            + "detecting, on 1 and 2 processors.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"{parsed.GetRequiredValue(options.Images)} JPEGs of 640×480, in turns of "
                + $"{parsed.GetRequiredValue(options.Chunk)}; the shipped detector of puppets, batches of {BatchSize}.");
            Console.WriteLine();
            Console.WriteLine("| × the bare loop | processors | rounds | score, images/s | bare loop, images/s |");
            Console.WriteLine("|---:|---:|---:|---:|---:|");
            foreach (int processors in Processors)
            {
                Console.WriteLine(ChildProcess.Run(
                    [RowName, "--images", $"{parsed.GetRequiredValue(options.Images)}", "--chunk",
                        $"{parsed.GetRequiredValue(options.Chunk)}", "--rounds", $"{parsed.GetRequiredValue(options.Rounds)}"],
                            processors).Single());
            }
        });
        return command;
    }

    /// <summary>One row of the table, in a process that sees only the processors it may use.</summary>
    public static Command CreateRow()
    {
        var options = new ThroughputOptions();
        var command = new Command(RowName);
        command.Hidden = true;
        options.AddTo(command);
        command.SetAction(parsed =>
            Measure(parsed.GetRequiredValue(options.Images), parsed.GetRequiredValue(options.Chunk),
                parsed.GetRequiredValue(options.Rounds)));
        return command;
    }

    private static void Measure(int images, int chunk, int rounds)
    {
        using var photos = new Photos(images);
        string[][] chunks = [.. photos.Paths.Chunk(chunk)];
        using KeypointDetector loop = Load(Environment.ProcessorCount);
        using DetectorBatch batch = loop.RentBatch(BatchSize);
        using KeypointDetector detector = Load(intraOpThreads: 1);
        string table = Path.Combine(photos.Folder, "scores.parquet");
        (int scored, int looped) = (0, 0);
        TimedAlternative[] timed = InterleavedTimer.Run(
            [
                () => BareLoop.Run(loop, batch, chunks[looped++ % chunks.Length]),
                () => Score(detector, chunks[scored++ % chunks.Length], table),
            ],
            rounds);
        string Speed(TimedAlternative alternative) =>
            (chunk * 1000 / alternative.Milliseconds.Median).ToString("F1", CultureInfo.InvariantCulture);
        Console.WriteLine($"| {timed[1].Speed} | {Environment.ProcessorCount} | {rounds} | {Speed(timed[1])} | {Speed(timed[0])} |");
    }

    private static KeypointDetector Load(int intraOpThreads) =>
        KeypointDetector.Load(DetectorFile.Small().Model.ToArray(), "detector.onnx", new KeypointDetectorOptions
        {
            BatchSize = BatchSize,
            Device = KeypointDevice.Cpu,
            IntraOpThreads = intraOpThreads,
        });

    // As the score command does on a CPU.
    private static void Score(KeypointDetector detector, string[] paths, string table)
    {
        var sink = new ParquetSink(table, detector.Skeleton);
        ScoringSummary summary = new Scorer(detector).ScoreAsync(
            paths.Select(path => new InputFile(path, Path.GetFileName(path))), boxes: null, [sink]).GetAwaiter().GetResult();
        sink.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (summary.Ok != paths.Length)
            throw new InvalidOperationException($"Expected keypoints of {paths.Length} images; there are {summary.Ok}.");
    }
}
