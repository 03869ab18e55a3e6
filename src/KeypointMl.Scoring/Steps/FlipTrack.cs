using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Steps;

/// <summary>
/// Decides for each row of one track, in order of time, whether left and right are to be exchanged in it: the cheapest way
/// through {as it is, exchanged} (Viterbi's algorithm, from <see cref="FlipCosts"/>). A row is decided as soon as the cheapest
/// ways to both of its ends agree about it, or when <see cref="MostWaiting"/> rows wait.
/// </summary>
internal sealed class FlipTrack(FlipCosts costs)
{
    /// <summary>How many rows wait at most.</summary>
    public const int MostWaiting = 64;

    private readonly List<Waiting> waiting = [];
    private PredictionRow? last;
    private (double AsIs, double Exchanged) cost;

    /// <summary>Whether a row comes after so many scored frames without a row of the track that it is a new one.</summary>
    public bool IsLostAt(PredictionRow row, int maxGap) => last is not null && row.Frame - last.Frame > (maxGap + 1L) * row.FrameStep;

    /// <summary>Takes the next row.</summary>
    /// <param name="row">A row that <see cref="FlipCosts.Knows"/> something about.</param>
    /// <param name="decide">Is told what is decided about the row, now or later.</param>
    public void Add(PredictionRow row, Action<bool> decide)
    {
        double exchange = costs.OfExchange(row);
        if (last is null)
        {
            cost = (0, exchange);
            waiting.Add(new Waiting(decide, false, true));
        }
        else
        {
            (double alike, double crossed) = costs.OfStep(last, row);
            bool fromExchanged = cost.Exchanged + crossed < cost.AsIs + alike;
            bool toFromExchanged = cost.Exchanged + alike <= cost.AsIs + crossed;
            waiting.Add(new Waiting(decide, fromExchanged, toFromExchanged));
            cost = (
                Math.Min(cost.Exchanged + crossed, cost.AsIs + alike),
                Math.Min(cost.Exchanged + alike, cost.AsIs + crossed) + exchange);
        }
        last = row;
        DecideWhatIsSure();
        if (waiting.Count >= MostWaiting)
        {
            bool exchanged = cost.Exchanged < cost.AsIs;
            DecideUpTo(waiting.Count - 1, exchanged);
            cost = exchanged ? (double.PositiveInfinity, 0) : (0, double.PositiveInfinity);
        }
    }

    /// <summary>Decides what is left: the track has come to an end.</summary>
    public void Close()
    {
        if (waiting.Count > 0)
            DecideUpTo(waiting.Count - 1, cost.Exchanged < cost.AsIs);
        (last, cost) = (null, default);
    }

    // The cheapest ways to both states of the last row, from there backwards until they meet.
    private void DecideWhatIsSure()
    {
        (bool asIs, bool exchanged) = (false, true);
        for (int i = waiting.Count - 1; i > 0; i--)
        {
            (asIs, exchanged) = (waiting[i].Before(asIs), waiting[i].Before(exchanged));
            if (asIs == exchanged)
            {
                DecideUpTo(i - 1, asIs);
                return;
            }
        }
    }

    private void DecideUpTo(int place, bool exchanged)
    {
        bool[] states = new bool[place + 1];
        for (int i = place; i >= 0; i--)
        {
            states[i] = exchanged;
            exchanged = waiting[i].Before(exchanged);
        }
        for (int i = 0; i <= place; i++)
            waiting[i].Decide(states[i]);
        waiting.RemoveRange(0, place + 1);
    }

    // Of the cheapest ways to a row as it is and exchanged: whether the row before is exchanged there.
    private readonly record struct Waiting(Action<bool> Decide, bool BeforeAsIs, bool BeforeExchanged)
    {
        public bool Before(bool exchanged) => exchanged ? BeforeExchanged : BeforeAsIs;
    }
}
