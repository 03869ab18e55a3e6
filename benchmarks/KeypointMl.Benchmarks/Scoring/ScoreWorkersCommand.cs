using System.CommandLine;
using System.Globalization;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Working;

namespace KeypointMl.Benchmarks;

/// <summary>
/// <c>score-workers [--images N] [--rounds R]</c>: two workers of a job, each on a processor of its own, against one
/// worker on one.
/// </summary>
internal static class ScoreWorkersCommand
{
    private const string WorkerName = "score-worker";
    private const int ShardFrames = 100;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var images = new Option<int>("--images")
        {
            Description = $"How many JPEGs of 640×480 a worker scores, a multiple of {ShardFrames}.",
            DefaultValueFactory = _ => 800,
        };
        images.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var count && (count < ShardFrames || count % ShardFrames != 0))
                result.AddError($"--images must be a positive multiple of {ShardFrames}; found {count}.");
        });
        var rounds = new Option<int>("--rounds") { Description = "How many rounds.", DefaultValueFactory = _ => 7 };
        var command = new Command(
            "score-workers", "Frames a second of two workers on two processors against one worker on one.") { images, rounds };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(images), parsed.GetRequiredValue(rounds)));
        return command;
    }

    /// <summary>One worker, which prints its frames a second once all is loaded.</summary>
    public static Command CreateWorker()
    {
        var job = new Argument<string>("job");
        var share = new Argument<string>("share");
        var command = new Command(WorkerName) { job, share };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            var worker = new JobWorker(ScoreJob.Open(parsed.GetRequiredValue(job)),
                WorkShare.Parse(parsed.GetRequiredValue(share), Environment.GetEnvironmentVariable));
            WorkSummary summary = await worker.RunAsync([], threads: 1, cancellation: cancellation).ConfigureAwait(false);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.Ok / summary.Elapsed.TotalSeconds}"));
        });
        return command;
    }

    private static void Run(int images, int rounds)
    {
        Console.WriteLine(Machine.Describe());
        using var one = new Photos(images);
        using var two = new Photos(2 * images);
        Console.WriteLine($"JPEGs of 640×480, {images} a worker in shards of {ShardFrames}; the shipped detector of puppets. "
            + "A worker's time is from opening the model to its last record.");
        Console.WriteLine();
        var alone = new List<double>();
        var together = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            alone.Add(Work(one, 1));
            together.Add(Work(two, 2));
        }
        Console.WriteLine("| two workers × one | rounds | one worker, frames/s | two workers, frames/s |");
        Console.WriteLine("|---:|---:|---:|---:|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {new Spread(together.Zip(alone, (both, single) => both / single))} | {rounds} | "
            + $"{new Spread(alone).Median:F1} | {new Spread(together).Median:F1} |"));
    }

    private static double Work(Photos photos, int workers)
    {
        using var job = new ScoreJobFolder(photos.Folder, ShardFrames);
        ChildProcess[] children = [.. Enumerable.Range(0, workers)
            .Select(worker => ChildProcess.Start([WorkerName, job.Path, $"{worker}/{workers}"], processors: 1, skip: worker))];
        return children.Sum(child => double.Parse(child.Finish().Single(), CultureInfo.InvariantCulture));
    }
}
