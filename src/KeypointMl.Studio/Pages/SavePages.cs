using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Labels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KeypointMl.Studio.Pages;

/// <summary>Corrections and marks.</summary>
internal static class SavePages
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, Workbench bench) =>
        routes.MapPost("/api/labels", http => SaveAsync(http, bench));

    private static async Task SaveAsync(HttpContext http, Workbench bench)
    {
        SaveRequest request = await Answer.ReadAsync<SaveRequest>(http).ConfigureAwait(false);
        await Answer.JsonAsync(http, bench.Labels.Save(request)).ConfigureAwait(false);
    }
}
