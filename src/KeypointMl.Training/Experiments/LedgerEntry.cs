using System.Text.Json.Nodes;

namespace KeypointMl.Training.Experiments;

/// <summary>A line of an experiment's <c>results.jsonl</c>.</summary>
internal sealed record LedgerEntry
{
    /// <summary>
    /// What the result depends on: SHA-256 over the keys of the recipe that differ from the paper's settings, its name
    /// aside, and over its first stage.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The recipe's name, for people: row, column and seed.</summary>
    public required string Run { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How it ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>Why it did not finish; null where it did.</summary>
    public string? Message { get; init; }

    /// <summary>SHA-256 of the whole resolved recipe, as in the provenance of an exported model.</summary>
    public required string RecipeSha256 { get; init; }

    /// <summary>The data manifest.</summary>
    public required string Data { get; init; }

    /// <summary>Training steps that the recipe asks for, pre-training aside.</summary>
    public required int Steps { get; init; }

    /// <summary>Seconds of training, over all resumptions.</summary>
    public required double Seconds { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>What computed it.</summary>
    public required JsonObject Versions { get; init; }

    /// <summary>The run's <c>metrics.json</c>.</summary>
    public JsonObject? Metrics { get; init; }

    /// <summary>The run's <c>metrics-postprocessed.json</c>.</summary>
    public JsonObject? Postprocessed { get; init; }
}
