using KeypointMl.Poses.Geometry;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Detecting;
using KeypointMl.Studio.Playing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KeypointMl.Studio.Pages;

/// <summary>Ψ by hand.</summary>
internal static class PlayPages
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, Workbench bench)
    {
        routes.MapPost("/api/appearance", http => TakeAsync(http, bench));
        routes.MapPost("/api/redraw", http => DrawAsync(http, bench));
    }

    private static async Task TakeAsync(HttpContext http, Workbench bench)
    {
        string path = bench.MediaOf(http);
        long frame = Query.Frame(http, otherwise: 0);
        StudioModel model = bench.ModelOf(http);
        Box? box = bench.BoxesOf(http, path, frame) is [var first, ..] ? first.Box : null;
        Appearance taken = await bench.Media.WithImageAsync(
            path, frame, image => bench.Puppeteer.Take(model, image, box), http.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(http, taken).ConfigureAwait(false);
    }

    private static async Task DrawAsync(HttpContext http, Workbench bench)
    {
        RedrawRequest request = await Answer.ReadAsync<RedrawRequest>(http).ConfigureAwait(false);
        Redrawn drawn = await bench.Puppeteer.DrawAsync(request, http.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(http, drawn).ConfigureAwait(false);
    }
}
