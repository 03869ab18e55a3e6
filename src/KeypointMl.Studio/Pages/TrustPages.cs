using KeypointMl.Scoring.Review;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Reviewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KeypointMl.Studio.Pages;

/// <summary>The frames that most likely are wrong.</summary>
internal static class TrustPages
{
    private const int Shown = 60;

    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, Workbench bench)
    {
        routes.MapGet("/api/worst", http => WorstAsync(http, bench));
        routes.MapGet("/api/thumbnail", http => ThumbnailAsync(http, bench));
    }

    private static async Task WorstAsync(HttpContext http, Workbench bench)
    {
        PredictionSet set = SetOf(http, bench);
        IReadOnlyList<DoubtfulRow> worst = await bench.Media.InTurnAsync(
            () => Task.Run(() => set.Worst(Shown, PredictionReview.DefaultThreshold)), http.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(http, worst.Select(doubt => new
        {
            doubt.Row.Source,
            File = set.FileOf(doubt.Row.Source),
            doubt.Row.Frame,
            Track = doubt.Row.Item,
            doubt.Score,
            Reasons = doubt.Faults.Select(fault => new { Kind = FaultNames.Of(fault.Kind), fault.Words }),
        })).ConfigureAwait(false);
    }

    private static async Task ThumbnailAsync(HttpContext http, Workbench bench)
    {
        PredictionSet set = SetOf(http, bench);
        string path = bench.MediaOf(http);
        long frame = Query.Frame(http);
        string track = Query.Optional(http, "track") ?? "";
        SourcePoses poses = set.Of(path) ?? throw NotThere();
        Scoring.Rows.PredictionRow row =
            poses.Of(frame).FirstOrDefault(one => one.Item == track && one.Box is not null) ?? throw NotThere();
        Thumbnail picture = await bench.Media.WithImageAsync(
            path, frame, image => Thumbnail.Of(image, row, poses.Skeleton), http.RequestAborted).ConfigureAwait(false) ?? throw NotThere();
        await Answer.BytesAsync(http, picture.Jpeg, "image/jpeg").ConfigureAwait(false);
    }

    private static PredictionSet SetOf(HttpContext http, Workbench bench)
    {
        IReadOnlyList<PredictionSet> sets = bench.Predictions.Sets;
        return sets.Count > 0 ? sets[(int)Query.Number(http, "set", sets.Count, otherwise: 0)] : throw NotThere();
    }

    private static RefusedException NotThere() => new(StatusCodes.Status404NotFound, "There are no such predictions.");
}
