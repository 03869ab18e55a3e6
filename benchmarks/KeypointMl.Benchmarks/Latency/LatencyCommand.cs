using System.CommandLine;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace KeypointMl.Benchmarks;

/// <summary><c>latency [--iterations N] [--seconds S]</c>: single predictions against a bare session.</summary>
internal static class LatencyCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var iterations = new Option<int>("--iterations")
        {
            Description = "BenchmarkDotNet's iterations of each alternative, at least 1.",
            DefaultValueFactory = _ => 20,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long the alternatives are timed in turn for each detector.",
            DefaultValueFactory = _ => 30,
        };
        var command = new Command("latency",
            "One prediction of a 128×128 image in memory on one thread: PredictionEngine and the pool against a bare "
            + "InferenceSession.Run.") { iterations, seconds };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(iterations), TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds))));
        return command;
    }

    private static void Run(int iterations, TimeSpan duration)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("Time by the alternatives in turn (median ratio, 80 of 100 rounds) and by BenchmarkDotNet "
            + $"{Machine.VersionOf<BenchmarkReport>()} one after the other (ratio of medians); bytes by BenchmarkDotNet.");
        Console.WriteLine();
        Console.WriteLine("| × a bare run, in turn | × a bare run, BenchmarkDotNet | detector | alternative | median, µs | allocated, B |");
        Console.WriteLine("|---:|---:|---|---|---:|---:|");
        foreach (IGrouping<string, BenchmarkReport> group in Summarize(
            iterations).Reports.GroupBy(report => (string)report.BenchmarkCase.Parameters["Detector"]))
        {
            BenchmarkReport[] reports = [.. group];
            TimedAlternative[] timed = Time(group.Key, duration);
            double baseline = Median(reports[0]);
            foreach ((BenchmarkReport report, TimedAlternative alternative) in reports.Zip(timed))
            {
                var slowness = new Spread(alternative.Times.Zip(timed[0].Times, (own, bare) => own / bare));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {slowness} | {Median(report) / baseline:F2} | {group.Key} | "
                    + $"{report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')} | {Median(report) / 1000:F0} "
                    + $"| {report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)} |"));
            }
        }
    }

    // In this process: natives and model files lie beside it, and the alternatives that are timed in turn are the same code.
    private static Summary Summarize(int iterations)
    {
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(iterations);
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "keypointml-benchmarks"));
        Summary summary = BenchmarkRunner.Run<LatencyBenchmarks>(config);
        return summary.HasCriticalValidationErrors || summary.Reports.IsEmpty || summary.Reports.Any(report => !report.Success)
            ? throw new InvalidOperationException(
                $"BenchmarkDotNet could not measure: {string.Join(" ", summary.ValidationErrors.Select(error => error.Message))}")
            : summary;
    }

    private static TimedAlternative[] Time(string detector, TimeSpan duration)
    {
        var benchmarks = new LatencyBenchmarks { Detector = detector };
        benchmarks.Load();
        TimedAlternative[] timed =
            InterleavedTimer.Run(
                [benchmarks.Session, () => benchmarks.Predict(), benchmarks.PredictInPlace, () => benchmarks.Pool()], duration);
        benchmarks.Free();
        return timed;
    }

    private static double Median(BenchmarkReport report) => report.ResultStatistics!.Median;
}
