using System.Diagnostics;

namespace KeypointMl.Benchmarks;

/// <summary>
/// Times alternatives in turn: each round runs every one of them once, in an order that rotates, so that whatever
/// disturbs the machine disturbs all alike. What is reported is the ratio within a round, its median and its spread
/// over the rounds.
/// </summary>
internal static class InterleavedTimer
{
    private const int FewestRounds = 15;
    private const int WarmUps = 5;

    /// <summary>Runs short alternatives for about as long as asked.</summary>
    /// <param name="alternatives">What to time; the first is what the others are compared with.</param>
    /// <param name="duration">How long to measure.</param>
    /// <returns>The times of each alternative, in the order given.</returns>
    public static TimedAlternative[] Run(IReadOnlyList<Action> alternatives, TimeSpan duration) =>
        Run(alternatives, duration, FewestRounds, WarmUps);

    /// <summary>Runs long alternatives as often as asked.</summary>
    /// <param name="alternatives">What to time; the first is what the others are compared with.</param>
    /// <param name="rounds">How many rounds are timed, after one that is not.</param>
    /// <returns>The times of each alternative, in the order given.</returns>
    public static TimedAlternative[] Run(IReadOnlyList<Action> alternatives, int rounds) => Run(alternatives, TimeSpan.Zero, rounds, 1);

    private static TimedAlternative[] Run(IReadOnlyList<Action> alternatives, TimeSpan duration, int fewestRounds, int warmUps)
    {
        foreach (Action alternative in alternatives)
        {
            for (int run = 0; run < warmUps; run++)
                alternative();
        }
        List<double>[] milliseconds = [.. alternatives.Select(_ => new List<double>())];
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < fewestRounds || Stopwatch.GetElapsedTime(start) < duration; round++)
        {
            for (int turn = 0; turn < alternatives.Count; turn++)
            {
                // Backwards every second round: else each would always follow the same one, and pay for what that leaves to the collector.
                int index = (round + (round % 2 == 0 ? turn : alternatives.Count - turn)) % alternatives.Count;
                long before = Stopwatch.GetTimestamp();
                alternatives[index]();
                milliseconds[index].Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
            }
        }
        return [.. milliseconds.Select(times => new TimedAlternative(times, milliseconds[0]))];
    }
}
