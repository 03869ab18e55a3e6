using System.CommandLine;
using System.Globalization;
using KeypointMl.Imaging.Images;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Benchmarks;

/// <summary><c>score-memory [--frames N] [--threads N]</c>: whether a worker's memory stays flat over a long job.</summary>
internal static class ScoreMemoryCommand
{
    private const string WorkerName = "score-memory-worker";
    private const int Files = 64;
    private const int Width = 96;
    private const int Height = 72;
    private const int Samples = 40;

    // The first look, when all is loaded and running.
    private const int FirstSample = 1000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var frames = new Option<int>("--frames")
        {
            Description = $"How many frames; memory is looked at {Samples} times on the way.",
            DefaultValueFactory = _ => 200_000,
        };
        var threads = new Option<int>("--threads") { Description = "The worker's threads.", DefaultValueFactory = _ => 1 };
        frames.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var count && (count < FirstSample || count % Samples != 0))
                result.AddError($"--frames must be a multiple of {Samples} and at least {FirstSample}; found {count}.");
        });
        var command = new Command("score-memory",
            $"Memory of a worker over a job of small JPEGs ({Width}×{Height}): "
            + "working set, native memory, large objects, collections.") { frames, threads };
        command.SetAction(parsed =>
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine();
            foreach (string line in ChildProcess.RunAsKeypointMl(
                WorkerName, $"{parsed.GetRequiredValue(frames)}", $"{parsed.GetRequiredValue(threads)}"))
                Console.WriteLine(line);
        });
        return command;
    }

    /// <summary>The worker, in a process that has done nothing else.</summary>
    public static Command CreateWorker()
    {
        var frames = new Argument<int>("frames");
        var threads = new Argument<int>("threads");
        var command = new Command(WorkerName) { frames, threads };
        command.Hidden = true;
        command.SetAction(parsed => Run(parsed.GetRequiredValue(frames), parsed.GetRequiredValue(threads)));
        return command;
    }

    private static void Run(int frames, int threads)
    {
        using var photos = new Photos(Files, Width, Height);
        string list = Path.Combine(photos.Folder, "list.txt");
        // Names must differ; links cost nothing.
        File.WriteAllLines(list, Enumerable.Range(0, frames).Select(frame => Link(photos, frame)));
        using var job = new ScoreJobFolder(list, JobPlanner.DefaultShardFrames);
        var watch = new Watch(frames / Samples);
        new JobWorker(ScoreJob.Open(job.Path), WorkShare.All).RunAsync([watch], threads: threads).GetAwaiter().GetResult();
        MemorySample[] steady = [.. watch.Taken.Where(sample => sample.Images >= frames / 10)];
        Console.WriteLine($"{frames} frames in {job.Plan.Shards} shards, {threads} thread{(threads == 1 ? "" : "s")}. "
            + $"Growth is the last sample against that of frame {FirstSample}, and the mean of the last quarter of the "
            + $"samples against that of the first quarter, from frame {steady[0].Images} on. "
            + "Native memory is the working set without what the managed heap has committed.");
        Console.WriteLine();
        Console.WriteLine("| growth, last quarter to first | last sample to first | of | median, MiB |");
        Console.WriteLine("|---:|---:|---|---:|");
        PrintGrowth("working set", watch.Taken, steady, sample => sample.WorkingSet);
        PrintGrowth("native memory", watch.Taken, steady, sample => sample.Native);
        MemorySample.Print("frames", watch.Taken);
    }

    private static string Link(Photos photos, int frame)
    {
        string folder = Path.Combine(photos.Folder, $"{frame / 1000}");
        if (frame % 1000 == 0)
            Directory.CreateDirectory(folder);
        string name = Path.Combine(folder, $"{frame}.jpg");
        File.CreateSymbolicLink(name, photos.Paths[frame % Files]);
        return name;
    }

    private static void PrintGrowth(string name, List<MemorySample> all, MemorySample[] steady, Func<MemorySample, long> value)
    {
        double whole = (double)value(all[^1]) / value(all.Single(sample => sample.Images == FirstSample));
        int quarter = steady.Length / 4;
        double first = steady[..quarter].Average(sample => (double)value(sample));
        double last = steady[^quarter..].Average(sample => (double)value(sample));
        double median = new Spread(steady.Select(sample => (double)value(sample))).Median;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| **{(last / first) - 1:+0.00%;-0.00%}** | {whole - 1:+0.00%;-0.00%} | {name} | {median / (1 << 20):F1} |"));
    }

    /// <summary>Looks at the memory every so many rows.</summary>
    private sealed class Watch(int each) : IPredictionSink
    {
        private int rows;

        public List<MemorySample> Taken { get; } = [];

        public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
        {
            if (++rows == FirstSample || rows % each == 0)
                Taken.Add(MemorySample.Take(rows));
            return ValueTask.CompletedTask;
        }

        public ValueTask CompleteAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
