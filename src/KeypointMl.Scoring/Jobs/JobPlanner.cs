using System.Text.Json;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Contracts;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;

namespace KeypointMl.Scoring.Jobs;

/// <summary>
/// Turns a declared pipeline into a job that many workers can share: lists the inputs once, checks everything, and
/// divides the frames into shards.
/// </summary>
public static class JobPlanner
{
    /// <summary>How many frames a shard has where nobody says.</summary>
    public const int DefaultShardFrames = 5000;

    /// <summary>Plans a job. A folder that holds the job of the same pipeline already is left as it is.</summary>
    /// <param name="pipelineFile">A declared pipeline; its relative paths start from the current folder, now and for the workers.</param>
    /// <param name="jobFolder">The job's folder; made where it is not there.</param>
    /// <param name="shardFrames">
    /// How many frames a shard has, but for the last one and where a video may not be divided; at least 1. Null: as a
    /// job that is there has, else <see cref="DefaultShardFrames"/>.
    /// </param>
    /// <param name="note">
    /// Is told what a person should know beside the plan, such as files that were left out; null for nobody.
    /// </param>
    /// <param name="cancellation">Asks to stop; the folder then holds no job, as after an error.</param>
    /// <exception cref="IOException">A file is missing or cannot be written.</exception>
    /// <exception cref="InvalidDataException">
    /// The pipeline, the model, the inputs or the boxes are not usable, no subject is found in any video, or the folder holds
    /// another job.
    /// </exception>
    /// <exception cref="NotSupportedException">The hardware decoder is not available.</exception>
    public static JobPlan Plan(
        string pipelineFile, string jobFolder, int? shardFrames = null, Action<string>? note = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(pipelineFile);
        ArgumentException.ThrowIfNullOrEmpty(jobFolder);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardFrames ?? DefaultShardFrames, 1, nameof(shardFrames));
        var pipeline = ScorePipeline.Load(pipelineFile);
        var folder = new JobFolder(jobFolder);
        byte[] text = File.ReadAllBytes(pipelineFile);
        if (File.Exists(folder.Plan))
            return ScoreJob.Open(jobFolder).PlanOf(text, pipelineFile, shardFrames);
        BoxTable? boxes = pipeline.CheckAndReadBoxes();
        byte[] model = ModelFile.ReadAllBytes(pipeline.Model);
        pipeline.CheckSteps(ModelContract.Read(model, pipeline.Model, ModelKind.Detector).Metadata.Skeleton);
        var plan = new JobPlan(
            JobPlan.CurrentVersion,
            JobPlan.CurrentProgram,
            Directory.GetCurrentDirectory(),
            [.. pipeline.Inputs.Select(InputFiles.RootOf)],
            FileHash.Of(text),
            FileHash.Of(model),
            pipeline.Boxes is null ? null : FileHash.Of(File.ReadAllBytes(pipeline.Boxes)),
            shardFrames ?? DefaultShardFrames,
            0,
            0,
            0);
        bool made = !Directory.Exists(folder.Path);
        try
        {
            folder.Create();
            AtomicFile.RemoveLeftovers(folder.Path);
            IEnumerable<InputFile> inputs = pipeline.CheckedInputs(boxes, note);
            if (pipeline.Find is not null)
            {
                inputs = CheckedVideos(pipeline, inputs);
                boxes = FoundBoxes.In(inputs, pipeline.Find with { Threads = pipeline.Threads }, note, cancellation);
                plan = WriteBoxes(boxes, plan, folder);
            }
            plan = WriteShards(pipeline, inputs, boxes, plan, folder, cancellation);
            plan = (plan with { ShardsSha256 = FileHash.OfFile(folder.Shards) }).WithChecksum();
            AtomicFile.Write(folder.Pipeline, stream => stream.Write(text));
            cancellation.ThrowIfCancellationRequested();
            // Last: once it is there, so is everything else.
            AtomicFile.Write(folder.Plan, stream => JsonSerializer.Serialize(stream, plan, JobJson.Indented));
            return plan;
        }
        catch
        {
            // Files mean nothing without a plan, and are replaced by the next attempt. They are not removed: they may be what another
            // planner of the same folder is writing.
            if (made)
                folder.RemoveIfEmpty();
            throw;
        }
    }

    // All of them, before any is looked through, which may take hours.
    private static InputFile[] CheckedVideos(ScorePipeline pipeline, IEnumerable<InputFile> inputs)
    {
        var videos = new VideoList(pipeline.OverlayVideos is not null);
        InputFile[] files = [.. videos.Watch(inputs)];
        videos.RequireFrameRates();
        return files;
    }

    // Once, and for all workers: they see the same boxes wherever a video is divided.
    private static JobPlan WriteBoxes(BoxTable boxes, JobPlan plan, JobFolder folder)
    {
        if (boxes.IsEmpty)
        {
            throw new InvalidDataException(
                $"No subject was found in any video, so that there is nothing to plan. {string.Join(" ", boxes.Faults.Values.Take(5))}");
        }
        folder.Create(); // anew, where another planner has failed and removed it during the search
        boxes.Write(folder.FoundBoxes);
        return plan with
        {
            BoxesSha256 = FileHash.OfFile(folder.FoundBoxes),
            FindFaults = boxes.Faults.Count > 0 ? boxes.Faults : null,
        };
    }

    private static JobPlan WriteShards(
        ScorePipeline pipeline, IEnumerable<InputFile> files, BoxTable? boxes, JobPlan plan, JobFolder folder,
        CancellationToken cancellation)
    {
        folder.Create();
        using var shards = new PendingFile(folder.Shards);
        using var inputs = new PendingFile(folder.Inputs);
        using var writer = new ShardWriter(pipeline, plan, shards.Content, inputs.Content);
        long count = 0;
        foreach (InputFile file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            count++;
            if (file.IsImage)
            {
                writer.Add(file, index: null);
                continue;
            }
            if (boxes?.Faults.ContainsKey(file.Name) ?? false)
            {
                writer.Add(file with { Count = 1, ToEnd = false }, index: null);
                continue;
            }
            (long frames, VideoIndex? index) = VideoFrames.Indexed(file, cancellation);
            if (pipeline.OverlayVideos is not null && index is not null)
                VideoFrames.RequireFrameRate(index.Info);
            writer.Add(file with { Count = frames }, index);
        }
        cancellation.ThrowIfCancellationRequested();
        writer.Complete();
        inputs.Complete();
        shards.Complete();
        return plan with { Inputs = count, Frames = writer.Frames, Shards = writer.Shards };
    }
}
