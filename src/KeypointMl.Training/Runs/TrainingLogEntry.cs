using System.Collections.Immutable;

namespace KeypointMl.Training.Runs;

/// <summary>One line of <c>log.jsonl</c>.</summary>
internal sealed record TrainingLogEntry
{
    /// <summary>Which phase <see cref="Step"/> counts in.</summary>
    public TrainingPhase Phase { get; init; } = TrainingPhase.Training;

    /// <summary>The last step that the line speaks of.</summary>
    public required long Step { get; init; }

    /// <summary>
    /// Seconds since the run began, its earlier phases and evaluations included; goes on across a resume, without the
    /// time between.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>Images (poses in pre-training) per second since the line before; null where nothing was trained in between.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Losses by name, each the mean since the line before.</summary>
    public ImmutableSortedDictionary<string, double> Losses { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Measurements by name, such as <c>error_percent_of_image</c> on the test split; empty on most lines.</summary>
    public ImmutableSortedDictionary<string, double> Evaluation { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>On what was computed from here on: in the first line that a start or resume writes; null in the others.</summary>
    public TrainingEnvironment? Environment { get; init; }

    /// <inheritdoc/>
    public bool Equals(TrainingLogEntry? other) =>
        other is not null && Phase == other.Phase && Step == other.Step && Seconds.Equals(other.Seconds)
        && Nullable.Equals(ImagesPerSecond, other.ImagesPerSecond)
        && Losses.SequenceEqual(other.Losses) && Evaluation.SequenceEqual(other.Evaluation) && Environment == other.Environment;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Phase, Step, Seconds);
}
