using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Jobs.Results;

/// <summary>Joins the shards of a finished job into files, in the order of the inputs. The shards stay.</summary>
/// <param name="job">The job.</param>
public sealed class JobMerger(ScoreJob job)
{
    /// <summary>Writes every row to files.</summary>
    /// <param name="outputs">
    /// Files whose extensions say their formats (see <see cref="PredictionFiles"/>); empty for what the pipeline
    /// declares, pictures and videos with skeletons included.
    /// </param>
    /// <param name="cancellation">Asks to stop; no file appears then.</param>
    /// <returns>How many rows there are.</returns>
    /// <exception cref="InvalidDataException">
    /// The job is not finished, a shard's file is not what its record says (SHA-256), a file's extension is of no
    /// format, or a file would replace what it is made of; nothing is written.
    /// </exception>
    /// <exception cref="IOException">
    /// A file is missing or cannot be written, or a frame cannot be read any more that is to be drawn on.
    /// </exception>
    /// <exception cref="NotSupportedException">There is something to draw, and the hardware decoder is not available.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async Task<long> MergeAsync(IReadOnlyList<string> outputs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        foreach (string output in outputs)
            PredictionFiles.Check(output);
        RequireFinished();
        Skeleton skeleton = job.ReadSkeleton();
        ScorePipeline declared = outputs.Count == 0 ? job.Pipeline : job.Pipeline with
        {
            Outputs = [.. outputs],
            Overlays = null,
            OverlayVideos = null,
        };
        GuardOutputs(declared);
        BoxTable? boxes = CheckDrawing(declared);
        var videos = new VideoList(declared.OverlayVideos is not null);
        if (declared.OverlayVideos is not null)
            _ = videos.Watch(job.Shards.SelectMany(job.InputsOf)).Count();
        videos.LeaveOut(boxes?.Faults.Keys ?? []);
        videos.RequireFrameRates();
        await using var files = new DeclaredOutputs(declared, videos, skeleton);
        bool needsPictures = files.Sinks.Any(sink => sink.NeedsPictures);
        long rows = 0;
        foreach (Shard shard in job.Shards)
        {
            using FramePictures? pictures = needsPictures
                ? new FramePictures(job.InputsOf(shard), boxes, declared.VideoDecoding, cancellation)
                : null;
            await foreach (PredictionRow row in PredictionParquet.ReadAsync(
                job.Folder.Part(shard.Number), skeleton, job.Pipeline.HasNormalization, cancellation).ConfigureAwait(false))
            {
                cancellation.ThrowIfCancellationRequested();
                rows++;
                RgbImage? picture = pictures?.Find(row, cancellation);
                foreach (IPredictionSink sink in files.Sinks)
                    await sink.WriteAsync(row, picture, cancellation).ConfigureAwait(false);
            }
        }
        await SinkGroup.CompleteAllAsync(files.Sinks, cancellation).ConfigureAwait(false);
        return rows;
    }

    // Whoever draws reads the inputs once more. Gives the boxes that they were read with.
    private BoxTable? CheckDrawing(ScorePipeline declared)
    {
        if (declared.Overlays is null && declared.OverlayVideos is null)
            return null;
        declared.VideoDecoding.Check();
        job.RequireRoots();
        return job.ReadBoxes();
    }

    // A part of the job is an input of merging too.
    private void GuardOutputs(ScorePipeline declared)
    {
        OutputGuard guard = declared.GuardOutputs();
        JobFolder folder = job.Folder;
        IEnumerable<string> parts = job.Shards.Select(shard => folder.Part(shard.Number));
        foreach (string file in parts.Concat([folder.Plan, folder.Pipeline, folder.Shards, folder.Inputs, folder.FoundBoxes]))
            guard.Require(file);
        IEnumerable<InputFile> inputs = job.Shards.SelectMany(job.InputsOf);
        inputs = DeepLabCutFiles.Check(declared.Outputs, inputs);
        inputs = declared.Overlays is { } pictures ? OverlaySink.Check(pictures, [], inputs) : inputs;
        inputs = declared.OverlayVideos is { } videos ? OverlayVideoSink.Check(videos, [], inputs) : inputs;
        foreach (InputFile input in inputs)
            guard.Require(input.Path);
    }

    private void RequireFinished()
    {
        var manifest = new Manifest(job);
        manifest.Refresh();
        Shard[] left = [.. job.Shards.Where(shard => manifest.Find(shard) is null)];
        if (Array.Find(left, manifest.IsDamaged) is { } damaged)
        {
            throw new InvalidDataException(
                $"'{job.Folder.Part(damaged.Number)}' is damaged: it is not what its record says (SHA-256); nothing was merged. Score "
                + $"the job again, and it is done anew: {job.ScoreCommand}");
        }
        if (left.Length > 0)
        {
            throw new InvalidDataException(
                $"{left.Length} of the {job.Shards.Count} shards of '{job.Folder.Path}' are still to be done; nothing was merged. Run: "
                + $"{job.ScoreCommand}");
        }
    }
}
