using KeypointMl.Scoring.Jobs;

namespace KeypointMl.Benchmarks;

/// <summary>A planned job over image files, in a temporary folder.</summary>
internal sealed class ScoreJobFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("keypointml-benchmark-job-");

    /// <summary>Plans it.</summary>
    /// <param name="images">A folder of images, or a list of paths.</param>
    /// <param name="shardFrames">How many frames a shard has.</param>
    public ScoreJobFolder(string images, int shardFrames)
    {
        string model = System.IO.Path.Combine(folder.FullName, "detector.onnx");
        DetectorFile.Small().Model.Save(model);
        string pipeline = System.IO.Path.Combine(folder.FullName, "pipeline.yaml");
        File.WriteAllText(pipeline,
            $"model: {model}\ninput: {images}\noutput: {System.IO.Path.Combine(folder.FullName, "scores.parquet")}\nbatch: "
            + "16\ndevice: cpu\n");
        Path = System.IO.Path.Combine(folder.FullName, "job");
        Plan = JobPlanner.Plan(pipeline, Path, shardFrames);
    }

    /// <summary>The job's folder.</summary>
    public string Path { get; }

    /// <summary>What was planned.</summary>
    public JobPlan Plan { get; }

    /// <inheritdoc/>
    public void Dispose() => folder.Delete(recursive: true);
}
