namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// A guess at the ground behind subjects of which it is not known where they rest: each pixel's quantile over the samples, on
/// the side away from the subjects.
/// </summary>
/// <param name="Levels">[h,w] grey levels.</param>
/// <param name="Polarity">How subjects differ from it.</param>
internal sealed record GroundGuess(byte[] Levels, Polarity Polarity)
{
    // So many times as much differs to one side as to the other: subjects are of that side.
    private const float OneSided = 4;
    // Of what differs, less than 2 % to the wrong side: nothing is left to explain.
    private const float Explained = 50;
    // A quantile further from the median must leave less than half as much unexplained.
    private const float LeastGain = 2;
    // How much larger than the bodies a place where they rest may seem.
    private const float MostOfBody = 1.5f;
    // One that moves and two that rest.
    private const float MostBodies = 3;
    private const int Outliers = 2;

    // One that rests in a place for up to this part of the samples is not taken for ground.
    private static readonly double[] Rests = [0.7, 0.85, 0.95];

    /// <summary>
    /// The median where subjects are in parts brighter and in parts darker. Else the quantile that is the nearest to it of
    /// those that explain what differs from the ground: where a subject is part of the ground, its leaving differs to the
    /// other side than subjects do.
    /// </summary>
    /// <param name="samples">The samples.</param>
    /// <param name="median">[h,w]: each pixel's median over the samples.</param>
    /// <param name="noise">[h,w]: differences up to these are noise.</param>
    internal static GroundGuess Best(GroundSamples samples, byte[] median, byte[] noise)
    {
        var usual = Differences.Of(samples, median, noise);
        Polarity polarity = usual.OneSide(Polarity.Darker) > OneSided ? Polarity.Darker
            : usual.OneSide(Polarity.Brighter) > OneSided ? Polarity.Brighter
            : Polarity.Both;
        Polarity[] sides = polarity == Polarity.Both ? [Polarity.Darker, Polarity.Brighter] : [polarity];
        var best = new GroundGuess(median, polarity);
        Differences left = usual;
        foreach (double rest in Rests)
        {
            foreach (Polarity side in sides)
            {
                byte[] levels = samples.Quantile(side == Polarity.Darker ? rest : 1 - rest);
                int moved = Enumerable.Range(0, levels.Length).Count(i => Math.Abs(levels[i] - median[i]) > noise[i]);
                var differences = Differences.Of(samples, levels, noise);
                // A ground that holds what some subject showed for a moment has all frames differ from it there, and one that
                // holds a passing light has moved by more than the bodies that rest.
                float most = polarity == Polarity.Both ? MostOfBody * usual.LargeCover : MostBodies * usual.UsualCover;
                bool isPlausible = differences.UsualCover <= most && moved <= MostOfBody * differences.UsualCover;
                bool explainsMore = differences.OneSide(side) > OneSided && LeastGain * differences.Against(side) < left.Against(side);
                bool isFirst = polarity != Polarity.Both && left == usual;
                if (isFirst || (isPlausible && explainsMore))
                    (best, left, sides) = (new GroundGuess(levels, side), differences, [side]);
            }
            if (left.OneSide(best.Polarity) > Explained)
                break;
        }
        return best;
    }

    /// <summary>What differs from a ground.</summary>
    /// <param name="Brighter">The differences of what is brighter than it by more than noise, together.</param>
    /// <param name="Darker">Of what is darker.</param>
    /// <param name="UsualCover">How many pixels of a sample differ: the median over the samples.</param>
    /// <param name="LargeCover">The third most.</param>
    private sealed record Differences(long Brighter, long Darker, int UsualCover, int LargeCover)
    {
        internal static Differences Of(GroundSamples samples, byte[] ground, byte[] noise)
        {
            long brighter = 0, darker = 0;
            int[] cover = new int[samples.Planes.Count];
            Parallel.For(0, cover.Length, samples.Parallelism, s =>
            {
                (long up, long down, int count) = (0, 0, 0);
                byte[] plane = samples.Planes[s];
                for (int i = 0; i < plane.Length; i++)
                {
                    int difference = plane[i] - ground[i];
                    if (Math.Abs(difference) <= noise[i])
                        continue;
                    (up, down) = (up + Math.Max(0, difference), down - Math.Min(0, difference));
                    count++;
                }
                cover[s] = count;
                Interlocked.Add(ref brighter, up);
                Interlocked.Add(ref darker, down);
            });
            Array.Sort(cover);
            return new(brighter, darker, cover[cover.Length / 2], cover[^(1 + Outliers)]);
        }

        /// <summary>How many times as much differs to this side as to the other.</summary>
        internal float OneSide(Polarity side) => (Brighter + Darker - Against(side)) / (float)Math.Max(1, Against(side));

        /// <summary>What differs to the other side.</summary>
        internal long Against(Polarity side) => side switch
        {
            Polarity.Darker => Brighter,
            Polarity.Brighter => Darker,
            _ => Brighter + Darker,
        };
    }
}
