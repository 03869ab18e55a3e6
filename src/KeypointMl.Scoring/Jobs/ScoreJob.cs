using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Files;
using KeypointMl.Inference.Contracts;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;

namespace KeypointMl.Scoring.Jobs;

/// <summary>A planned job (see <see cref="JobPlanner"/>).</summary>
public sealed class ScoreJob
{
    private ScoreJob(JobFolder folder, JobPlan plan, ScorePipeline pipeline, IReadOnlyList<Shard> shards) =>
        (Folder, Plan, Pipeline, Shards) = (folder, plan, pipeline, shards);

    /// <summary>What it is.</summary>
    public JobPlan Plan { get; }

    /// <summary>The pipeline, its paths absolute but for the inputs, which are listed in the shards.</summary>
    public ScorePipeline Pipeline { get; }

    /// <summary>Its parts, in order.</summary>
    public IReadOnlyList<Shard> Shards { get; }

    internal JobFolder Folder { get; }

    /// <summary>The command that does what is to be done.</summary>
    internal string ScoreCommand => ShellWords.Join(ShellWords.Program, "score", "--job", Folder.Path);

    /// <summary>Opens a job.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no complete plan.</exception>
    /// <exception cref="InvalidDataException">A file of the plan is damaged, or another version of KeypointMl planned it.</exception>
    public static ScoreJob Open(string jobFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(jobFolder);
        var folder = new JobFolder(jobFolder);
        if (!File.Exists(folder.Plan))
        {
            throw new FileNotFoundException(
                $"There is no job in '{folder.Path}' ('{folder.Plan}' is missing). Plan one: "
                + ShellWords.Join(ShellWords.Program, "plan", "PIPELINE.yaml", "--out", jobFolder), folder.Plan);
        }
        var plan = JobJson.Read<JobPlan>(File.ReadAllBytes(folder.Plan), folder.Plan);
        if ((plan.Version, plan.Program) != (JobPlan.CurrentVersion, JobPlan.CurrentProgram))
        {
            throw new InvalidDataException(
                $"The job in '{folder.Path}' was planned by KeypointMl {plan.Program} (format {plan.Version}); "
                + $"this is {JobPlan.CurrentProgram} (format {JobPlan.CurrentVersion}), whose numbers may differ. "
                + "Finish it with that version, or plan it again in a new folder.");
        }
        if (plan.Sha256 is not null && plan.WithChecksum() != plan)
        {
            throw new InvalidDataException(
                $"'{folder.Plan}' is damaged: it is not what was written (SHA-256). Restore it, or plan the job again in a new folder.");
        }
        byte[] text = File.ReadAllBytes(folder.Pipeline);
        if (FileHash.Of(text) != plan.PipelineSha256)
        {
            throw new InvalidDataException(
                $"'{folder.Pipeline}' was changed after the job was planned. Plan the job again in a new folder.");
        }
        if (plan.ShardsSha256 is not null && FileHash.OfFile(folder.Shards) != plan.ShardsSha256)
        {
            throw new InvalidDataException(
                $"'{folder.Shards}' is damaged: it is not what was written (SHA-256). Restore it, or plan the job again in a new folder.");
        }
        Shard[] shards = [.. File.ReadLines(folder.Shards)
            .Select(line => JobJson.Read<Shard>(System.Text.Encoding.UTF8.GetBytes(line), folder.Shards))];
        if (shards.Length != plan.Shards)
        {
            throw new InvalidDataException(
                $"'{folder.Shards}' has {shards.Length} shards; the plan says {plan.Shards}. Plan the job again in a new folder.");
        }
        return new ScoreJob(folder, plan, ScorePipeline.Load(folder.Pipeline).From(plan.Folder), shards);
    }

    /// <summary>The inputs of a shard, one after the other.</summary>
    internal IEnumerable<InputFile> InputsOf(Shard shard) => ShardInputs.Read(Folder, Plan, Pipeline.Inputs, shard);

    /// <summary>Refuses to work where a folder of the inputs is not there: every input in it would be missing.</summary>
    /// <exception cref="DirectoryNotFoundException">One is not there.</exception>
    internal void RequireRoots()
    {
        foreach (string root in Plan.Roots)
        {
            if (!Directory.Exists(root))
                throw NotThere(root);
        }
    }

    /// <summary>Refuses a shard of which nothing is there: lists name files anywhere, also on a disk that is not mounted.</summary>
    /// <exception cref="DirectoryNotFoundException">The folders of all its inputs are missing or empty.</exception>
    internal void RequireFolders(Shard shard)
    {
        string? missing = null;
        foreach (InputFile input in InputsOf(shard))
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(input.Path))!;
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions()).Any())
                return;
            missing ??= folder;
        }
        if (missing is not null)
            throw NotThere(missing);
    }

    private static DirectoryNotFoundException NotThere(string folder) => new(
        $"The inputs' folder '{PrintableText.Of(folder)}' is not there, or empty. "
        + $"Is it mounted on this machine ({Environment.MachineName})?");

    /// <summary>The boxes that the job was planned with, or that were found when it was; null without any.</summary>
    /// <exception cref="InvalidDataException">The file is another now.</exception>
    internal BoxTable? ReadBoxes()
    {
        if ((Pipeline.Find is null ? Pipeline.Boxes : Folder.FoundBoxes) is not { } path)
            return null;
        RequireSame(path, File.ReadAllBytes(path), Plan.BoxesSha256!);
        return BoxTable.Read(path, Plan.FindFaults ?? new Dictionary<string, string>());
    }

    /// <summary>The keypoints of the job's model.</summary>
    /// <exception cref="InvalidDataException">The model is another now.</exception>
    internal Skeleton ReadSkeleton()
    {
        byte[] model = ModelFile.ReadAllBytes(Pipeline.Model);
        RequireSame(Pipeline.Model, model, Plan.ModelSha256);
        return ModelContract.Read(model, Pipeline.Model, ModelKind.Detector).Metadata.Skeleton;
    }

    /// <summary>Refuses a file that is another than the one that the job was planned with.</summary>
    internal void RequireSame(string path, ReadOnlySpan<byte> bytes, string sha256)
    {
        if (FileHash.Of(bytes) != sha256)
        {
            throw new InvalidDataException(
                $"'{path}' was changed after the job in '{Folder.Path}' was planned. "
                + "Put the old file back, or plan the job again in a new folder.");
        }
    }

    /// <summary>The plan, if it is of a pipeline and of shards of a size.</summary>
    /// <exception cref="InvalidDataException">It is of another.</exception>
    internal JobPlan PlanOf(ReadOnlySpan<byte> pipeline, string file, int? shardFrames)
    {
        if (FileHash.Of(pipeline) != Plan.PipelineSha256)
            throw new InvalidDataException($"'{Folder.Path}' holds the job of another pipeline than '{file}' is now. Take a new folder.");
        return (shardFrames ?? Plan.ShardFrames) == Plan.ShardFrames
            ? Plan
            : throw new InvalidDataException(
                $"'{Folder.Path}' holds a job whose shards have {Plan.ShardFrames} frames; {shardFrames} were asked for. "
                + "Take a new folder.");
    }
}
