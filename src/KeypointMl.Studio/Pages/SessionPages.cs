using KeypointMl.Inference.Detection;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Detecting;
using KeypointMl.Studio.Files;
using KeypointMl.Studio.Reviewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace KeypointMl.Studio.Pages;

/// <summary>What the studio was started with, the lists of its folders, and what is dropped on it.</summary>
internal static class SessionPages
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, Workbench bench)
    {
        routes.MapGet("/api/session", http => Answer.JsonAsync(http, Describe(bench)));
        routes.MapGet("/api/files", http => Answer.JsonAsync(http, bench.Files.List(Query.Optional(http, "folder"))));
        routes.MapPost("/api/predictions", http => AddPredictionsAsync(http, bench));
        routes.MapPost("/api/drop", http => DropAsync(http, bench));
    }

    private static object Describe(Workbench bench) => new
    {
        Version = typeof(SessionPages).Assembly.GetName().Version!.ToString(3),
        Models = bench.Models.Select(Describe),
        Runs = bench.Runs.Select(run => new { run.Id, run.Name }),
        Predictions = bench.Predictions.Sets.Select((set, i) => new { Id = i, Name = Path.GetFileName(set.Path), set.Rows }),
        Skeleton = bench.Skeleton is { } skeleton ? ShownSkeleton.Of(skeleton) : null,
        bench.Files.Place,
        bench.Start,
        SaveFolder = bench.Labels.Folder,
        MaxUploadBytes = bench.DropBox.MostBytes,
    };

    private static object Describe(StudioModel model)
    {
        KeypointDetector detector = model.Detector;
        return new
        {
            model.Name,
            Skeleton = ShownSkeleton.Of(detector.Skeleton),
            detector.Width,
            detector.Height,
            Device = detector.Device.ToString(),
            HasGenerator = model.Generator is not null,
        };
    }

    private static async Task AddPredictionsAsync(HttpContext http, Workbench bench)
    {
        string path = bench.Files.Resolve(Query.Text(http, "file"), FileKind.Poses);
        PredictionSet set = await bench.Predictions.AddAsync(path, http.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(http, new { set.Rows, set.Files }).ConfigureAwait(false);
    }

    private static async Task DropAsync(HttpContext http, Workbench bench)
    {
        // The drop box has its own limit, and says so better.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        string name = Query.Text(http, "name");
        if (http.Request.ContentLength > bench.DropBox.MostBytes)
            throw bench.DropBox.TooLarge();
        FileEntry entry = await bench.DropBox.KeepAsync(name, http.Request.Body, http.RequestAborted).ConfigureAwait(false);
        bench.Names.Refresh();
        await Answer.JsonAsync(http, entry).ConfigureAwait(false);
    }
}
