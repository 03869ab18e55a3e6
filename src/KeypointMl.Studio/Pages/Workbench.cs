using System.Globalization;
using KeypointMl.Data.Manifests;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Detecting;
using KeypointMl.Studio.Files;
using KeypointMl.Studio.Labels;
using KeypointMl.Studio.Media;
using KeypointMl.Studio.Playing;
using KeypointMl.Studio.Reviewing;
using KeypointMl.Studio.Runs;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Pages;

/// <summary>Everything that the page works with.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly string temporary;
    private readonly List<StudioModel> models = [];
    private readonly RunLauncher launcher;

    private Workbench(StudioOptions options, string temporary)
    {
        this.temporary = temporary;
        string dropped = Directory.CreateDirectory(Path.Combine(temporary, "dropped")).FullName;
        Options = options;
        Files = new VisibleFiles(options.Files, dropped);
        DropBox = new DropBox(dropped, options.MaxUploadBytes);
        Names = new SourceNames(Files);
        Predictions = new PredictionShelf(Names);
        Labels = new LabelBook(Path.GetFullPath(options.SaveFolder), Names);
        Scoring = new VideoScoring(Predictions, Labels.Folder, options.Threads);
        launcher = new RunLauncher(options.Starter, options.DataRoot);
        Runs = [.. options.Runs.Select((path, i) => new WatchedRun(i.ToString(CultureInfo.InvariantCulture), path, launcher))];
    }

    public StudioOptions Options { get; }

    /// <summary>Tells this start from others: what was dropped on another one is gone.</summary>
    public string Start { get; } = Guid.NewGuid().ToString("N");

    public VisibleFiles Files { get; }

    public SourceNames Names { get; }

    public DropBox DropBox { get; }

    public MediaShelf Media { get; } = new();

    public PredictionShelf Predictions { get; }

    public Puppeteer Puppeteer { get; } = new();

    public LabelBook Labels { get; }

    public VideoScoring Scoring { get; }

    public IReadOnlyList<StudioModel> Models => models;

    public IReadOnlyList<WatchedRun> Runs { get; }

    /// <summary>The skeleton to draw with where there is no model; null for none.</summary>
    public Skeleton? Skeleton { get; private set; }

    private SubjectBoxes? Boxes { get; set; }

    /// <summary>Reads everything that is to be shown, so that what is wrong is known before the page is open.</summary>
    public static async Task<Workbench> OpenAsync(StudioOptions options, CancellationToken cancellation)
    {
        string temporary = Directory.CreateTempSubdirectory("keypointml-studio-").FullName;
        Workbench? bench = null;
        try
        {
            bench = new Workbench(options, temporary);
            foreach (string model in options.Models)
                bench.models.Add(StudioModel.Load(model, options.Threads));
            foreach (WatchedRun run in bench.Runs)
                run.Describe();
            bench.Skeleton = options.Skeleton is { } name ? SkeletonYaml.Find(name) : null;
            bench.Boxes = options.Boxes is { } boxes ? new SubjectBoxes(boxes, bench.Names) : null;
            foreach (string job in options.Jobs)
                await bench.AddJobAsync(job, cancellation).ConfigureAwait(false);
            foreach (string path in options.Predictions)
                await bench.Predictions.AddAsync(path, cancellation).ConfigureAwait(false);
            return bench;
        }
        catch
        {
            bench?.Dispose();
            Delete(temporary);
            throw;
        }
    }

    /// <summary>The model that a request names by its number; the first where it names none.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public StudioModel ModelOf(HttpContext http)
    {
        if (models.Count == 0)
        {
            throw new RefusedException(
                StatusCodes.Status409Conflict, "No model was given. Start the studio with one: keypointml studio --model DETECTOR.onnx");
        }
        return models[(int)Query.Number(http, "model", models.Count, otherwise: 0)];
    }

    /// <summary>The run that a request names.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public WatchedRun RunOf(HttpContext http) => RunOf(Query.Text(http, "run"));

    /// <summary>The runs that a request names, their ids divided by commas.</summary>
    /// <exception cref="RefusedException">There is none of an id.</exception>
    public WatchedRun[] RunsOf(HttpContext http) => [.. Query.Text(http, "run").Split(',').Distinct().Select(RunOf)];

    private WatchedRun RunOf(string id) => Runs.FirstOrDefault(run => run.Id == id)
        ?? throw new RefusedException(StatusCodes.Status404NotFound, $"There is no run '{id}'.");

    /// <summary>The image or video that a request names.</summary>
    /// <exception cref="RefusedException">The page may not see it, or it is something else.</exception>
    public string MediaOf(HttpContext http)
    {
        string id = Query.Text(http, "file");
        string path = Files.Resolve(id);
        return !Directory.Exists(path) && VisibleFiles.KindOf(path) is FileKind.Image or FileKind.Video
            ? path
            : throw new RefusedException(
                StatusCodes.Status400BadRequest, $"'{id}' is not named like an image or a video; choose another file.");
    }

    /// <summary>
    /// Where the subjects of a frame are: what the request says, else the boxes file; empty where that has none, null where
    /// nothing is known of the image or video.
    /// </summary>
    public IReadOnlyList<(string Track, Box Box)>? BoxesOf(HttpContext http, string path, long frame) =>
        Query.Numbers(http, "box", 4) is [var x, var y, var width, var height]
            ? [("", new Box(x, y, width, height))]
            : Boxes?.Of(path, frame);

    /// <summary>Whether the boxes file says where the subjects of an image or video are.</summary>
    public bool HasBoxes(string path) => Boxes?.Has(path) == true;

    /// <summary>A file of the boxes of one video; null where there are none.</summary>
    public string? BoxesFileOf(string path) => Boxes?.WriteOf(path, FreshFolder());

    /// <summary>Detects the keypoints of a frame.</summary>
    public Task<IReadOnlyList<ShownPose>> DetectAsync(
        StudioModel model, string path, long frame, IReadOnlyList<(string, Box)>? boxes, CancellationToken cancellation) =>
        Media.WithImageAsync(path, frame, image => model.Detect(image, boxes), cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        launcher.Dispose();
        Scoring.Dispose();
        Media.Dispose();
        foreach (StudioModel model in models)
            model.Dispose();
        Delete(temporary);
    }

    private static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file is still open elsewhere; the system empties its folder for temporary files.
        }
    }

    private string FreshFolder() => Directory.CreateDirectory(Path.Combine(temporary, Path.GetRandomFileName())).FullName;

    private async Task AddJobAsync(string folder, CancellationToken cancellation)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        // Another job's folder may have the same name.
        string merged = Path.Combine(FreshFolder(), $"{name}.parquet");
        await new JobMerger(ScoreJob.Open(folder)).MergeAsync([merged], cancellation).ConfigureAwait(false);
        await Predictions.AddAsync(merged, cancellation).ConfigureAwait(false);
    }
}
