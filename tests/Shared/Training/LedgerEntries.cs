using System.Text.Json.Nodes;
using KeypointMl.Training.Experiments;

namespace KeypointMl.Testing;

/// <summary>Lines of a ledger that no run wrote.</summary>
internal static class LedgerEntries
{
    public static LedgerEntry Entry(ulong seed, double? error, RunOutcome outcome = RunOutcome.Finished) => new()
    {
        Key = "",
        Run = "run",
        Seed = seed,
        Outcome = outcome,
        RecipeSha256 = "",
        Data = "",
        Steps = 3,
        Seconds = 12,
        Ended = DateTimeOffset.UnixEpoch,
        Versions = new JsonObject { ["keypointml"] = "0.1.0" },
        Metrics = error is null ? null : new JsonObject { ["error_percent_of_image"] = error },
    };
}
