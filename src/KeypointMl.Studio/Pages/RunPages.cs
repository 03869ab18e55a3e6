using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KeypointMl.Studio.Pages;

/// <summary>Training runs.</summary>
internal static class RunPages
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, Workbench bench, CancellationToken stopping)
    {
        var events = new RunEvents(TimeProvider.System);
        routes.MapGet("/api/run", http => Answer.JsonAsync(http, bench.RunOf(http).Describe()));
        routes.MapGet("/api/run/sample", http => Answer.BytesAsync(
            http, bench.RunOf(http).ReadSample(Query.Text(http, "name")), "image/png"));
        routes.MapGet("/api/run/events", http => WatchAsync(http, events, bench.RunsOf(http), stopping));
        routes.MapPost("/api/run/stop", http => StopAsync(http, bench.RunOf(http)));
        routes.MapPost("/api/run/resume", http => ResumeAsync(http, bench.RunOf(http)));
    }

    private static async Task WatchAsync(HttpContext http, RunEvents events, IReadOnlyList<WatchedRun> runs, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await events.SendAsync(http, runs, either.Token).ConfigureAwait(false);
    }

    private static Task StopAsync(HttpContext http, WatchedRun run)
    {
        run.Stop();
        return Answer.JsonAsync(http, new { stopped = run.Name });
    }

    private static Task ResumeAsync(HttpContext http, WatchedRun run)
    {
        run.Resume();
        return Answer.JsonAsync(http, new { resumed = run.Name });
    }
}
