using System.Globalization;

namespace KeypointMl.Scoring.Jobs.Working;

/// <summary>Which shards of a job are a worker's: of n workers, worker i has shards i, i+n, i+2n, …</summary>
/// <param name="Index">i, from 0.</param>
/// <param name="Count">n, at least 1.</param>
public readonly record struct WorkShare(int Index, int Count)
{
    /// <summary>The environment variable that says how many workers there are, where the engine does not (Kubernetes).</summary>
    public const string CountVariable = "KEYPOINTML_WORKERS";

    /// <summary>All shards.</summary>
    public static WorkShare All { get; } = new(0, 1);

    /// <summary>Reads <c>auto</c> or <c>i/n</c>.</summary>
    /// <param name="text">
    /// <c>i/n</c> with i from 0 to n−1; or <c>auto</c>: of a Slurm array task by <c>SLURM_ARRAY_TASK_ID</c>,
    /// <c>_MIN</c>, <c>_COUNT</c> and <c>_STEP</c>, of a pod of a Kubernetes Indexed Job by <c>JOB_COMPLETION_INDEX</c>
    /// and <see cref="CountVariable"/>.
    /// </param>
    /// <param name="environment">Gives environment variables; null where there is none.</param>
    /// <exception cref="ArgumentException">It is neither, or the environment does not say; the message says what is missing.</exception>
    public static WorkShare Parse(string text, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(environment);
        if (text == "auto")
            return FromEnvironment(environment);
        return text.Split('/') is [var index, var count] && TryNumber(index, out int i) && TryNumber(count, out int n) && i < n
            ? new WorkShare(i, n)
            : throw new ArgumentException($"The share '{text}' is not usable; expected auto, or i/n with i from 0 to n-1, such as 0/4.");
    }

    /// <summary>Whether a shard is one of the worker's.</summary>
    public bool Has(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        return shard.Number % Count == Index;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static WorkShare FromEnvironment(Func<string, string?> environment)
    {
        if (environment("SLURM_ARRAY_TASK_ID") is not null)
        {
            int step = environment("SLURM_ARRAY_TASK_STEP") is null ? 1 : Number(environment, "SLURM_ARRAY_TASK_STEP");
            int index = Math.DivRem(Number(environment, "SLURM_ARRAY_TASK_ID") - Number(environment, "SLURM_ARRAY_TASK_MIN"),
                Math.Max(1, step), out int rest);
            int count = Number(environment, "SLURM_ARRAY_TASK_COUNT");
            return rest == 0 && index >= 0 && index < count
                ? new WorkShare(index, count)
                : throw new ArgumentException(
                    $"The array task is not one of {count} in even steps, so that its share is not known. "
                    + $"Take --array=0-{count - 1}, or give i/n instead of auto.");
        }
        if (environment("JOB_COMPLETION_INDEX") is not null)
        {
            (int index, int count) = (Number(environment, "JOB_COMPLETION_INDEX"), Number(environment, CountVariable));
            return index < count
                ? new WorkShare(index, count)
                : throw new ArgumentException(
                    $"JOB_COMPLETION_INDEX is {index} and {CountVariable} {count}; expected a smaller index. "
                    + $"Set {CountVariable} to the Job's completions.");
        }
        throw new ArgumentException(
            "auto finds neither a Slurm array (SLURM_ARRAY_TASK_ID) nor a Kubernetes Indexed Job (JOB_COMPLETION_INDEX) in "
            + "the environment. Give i/n instead, such as 0/4.");
    }

    private static int Number(Func<string, string?> environment, string name) =>
        environment(name) is { } text && TryNumber(text, out int value)
        ? value
        : throw new ArgumentException(
            $"The environment variable {name} is '{environment(name)}'; "
            + $"expected a whole number{(name == CountVariable ? ": the Job's completions" : "")}.");

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
