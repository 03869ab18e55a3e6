using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Tests;

/// <summary>A folder with images, a pipeline file over them, and short ways to plan, score and verify.</summary>
internal sealed class JobFixture : IDisposable
{
    public JobFixture(int images, string extra = "")
    {
        Folder = new ScoringFolder().WithImages(images);
        Pipeline = Folder.Write("pipeline.yaml",
            $"model: {Folder.Model}\ninput: {Folder.Images}\noutputs: [{Folder["merged.csv"]}]\nbatch: 3\nthreads: "
            + $"1\ndevice: cpu\n{extra}");
    }

    public ScoringFolder Folder { get; }

    public string Pipeline { get; }

    public JobPlan Plan(string job, int shardFrames) => JobPlanner.Plan(Pipeline, Folder[job], shardFrames);

    public ScoreJob Open(string job) => ScoreJob.Open(Folder[job]);

    public Task<WorkSummary> WorkAsync(
        string job,
        WorkShare? share = null,
        IReadOnlyList<IPredictionSink>? observers = null,
        CancellationToken cancellation = default) =>
        new JobWorker(Open(job), share ?? WorkShare.All).RunAsync(observers ?? [], cancellation: cancellation);

    public Task<JobState> VerifyAsync(string job) => new JobVerifier(Open(job)).VerifyAsync();

    public string[] Parts(string job) => [.. Directory.GetFiles(Folder[$"{job}/parts"]).Order(StringComparer.Ordinal)];

    /// <summary>The finished shards of a job, byte for byte.</summary>
    public string Content(
        string job) => string.Join('\n',
            Parts(job).Select(part =>
                $"{Path.GetFileName(part)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(part)))}"));

    public void Dispose() => Folder.Dispose();
}
