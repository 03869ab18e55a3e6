namespace KeypointMl.Poses.Metrics;

/// <summary>
/// What a detector's confidences are worth: whether the doubtful keypoints are the wrong ones, and whether a confidence
/// is the chance of being right, which is to lie within <see cref="WithinPercent"/> % of the image's size of the true
/// place.
/// </summary>
public sealed record ConfidenceQuality
{
    /// <summary>A keypoint so near to the true one, in percent of the image's size, is right.</summary>
    public const double WithinPercent = 5;

    private const double LevelPckPercent = 10;
    private const int Bins = 10;
    private const int Coverages = 20;

    /// <summary>
    /// Spearman's rank correlation of confidence and −error over all labelled keypoints; null where all confidences are
    /// equal.
    /// </summary>
    public required double? RankCorrelation { get; init; }

    /// <summary>
    /// The expected calibration error (Guo et al. 2017): the mean over <see cref="Reliability"/> of |confidence − share
    /// that is right|, weighted by their keypoints.
    /// </summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>Keypoints in ten bins of equal width by their confidence, ascending; empty bins are left out.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The mean error of the surest 5, 10 … 100 % of the frames, by the mean confidence of their labelled keypoints.</summary>
    public required IReadOnlyList<RiskAtCoverage> RiskCoverage { get; init; }

    /// <summary>The same of the surest keypoints.</summary>
    public required IReadOnlyList<RiskAtCoverage> KeypointRiskCoverage { get; init; }

    /// <summary>The error of the keypoints of at least some confidence, for thresholds 0, 0.1 … 0.9.</summary>
    public required IReadOnlyList<ConfidenceLevel> Levels { get; init; }

    /// <summary>Measures; null where no frame has confidences. One that is not a number counts as 0.</summary>
    internal static ConfidenceQuality? Of(IReadOnlyList<FrameErrors> frames, double imageSize)
    {
        FrameErrors[] known = [.. frames.Where(frame => frame.Context.Confidence is not null)];
        if (known.Length == 0)
            return null;
        double[] confidences = [.. known.SelectMany(frame => frame.Points, Confidence)];
        double[] errors = [.. known.SelectMany(frame => frame.Points).Select(point => 100 * point.Distance / imageSize)];
        ReliabilityBin[] reliability = [.. Binned(confidences, errors)];
        return new ConfidenceQuality
        {
            RankCorrelation = Poses.Metrics.RankCorrelation.Spearman(confidences, [.. errors.Select(error => -error)]),
            ExpectedCalibrationError = reliability.Sum(bin => bin.Keypoints * Math.Abs(bin.Confidence - bin.Right)) / errors.Length,
            Reliability = reliability,
            RiskCoverage = Curve(
                [.. known.Select(frame => frame.Points.Average(point => Confidence(frame, point)))],
                    [.. known.Select(frame => 100 * frame.Error / imageSize)]),
            KeypointRiskCoverage = Curve(confidences, errors),
            Levels = [.. Enumerable.Range(0, Bins).Select(tenth => Level(tenth / (double)Bins, confidences, errors))],
        };
    }

    private static double Confidence(FrameErrors frame, (int Keypoint, double Distance, bool Finite) point) =>
        frame.Context.Confidence![point.Keypoint] is var confidence && float.IsNaN(confidence) ? 0 : Math.Clamp(confidence, 0, 1);

    private static IEnumerable<ReliabilityBin> Binned(double[] confidences, double[] errors)
    {
        var keypoints = new int[Bins];
        var sums = new double[Bins];
        var right = new int[Bins];
        for (int i = 0; i < errors.Length; i++)
        {
            int bin = Math.Min((int)(confidences[i] * Bins), Bins - 1);
            keypoints[bin]++;
            sums[bin] += confidences[i];
            right[bin] += errors[i] <= WithinPercent ? 1 : 0;
        }
        return Enumerable.Range(0, Bins).Where(bin => keypoints[bin] > 0)
            .Select(bin => new ReliabilityBin(sums[bin] / keypoints[bin], (double)right[bin] / keypoints[bin], keypoints[bin]));
    }

    private static ConfidenceLevel Level(double threshold, double[] confidences, double[] errors)
    {
        double[] kept = [.. errors.Where((_, i) => confidences[i] >= threshold)];
        return kept.Length == 0
            ? new ConfidenceLevel(threshold, 0, null, null)
            : new ConfidenceLevel(threshold, (double)kept.Length / errors.Length,
                kept.Average(), (double)kept.Count(error => error <= LevelPckPercent) / kept.Length);
    }

    private static RiskAtCoverage[] Curve(double[] confidences, double[] errors)
    {
        // Those of equal confidence are left out in no order: each counts as their mean.
        double[] bySureness = [.. Enumerable.Range(0, errors.Length).GroupBy(i => confidences[i]).OrderByDescending(equal => equal.Key)
            .SelectMany(equal => Enumerable.Repeat(equal.Average(i => errors[i]), equal.Count()))];
        var curve = new List<RiskAtCoverage>(Coverages);
        double sum = 0;
        for (int step = 1, i = 0; step <= Coverages; step++)
        {
            int count = Math.Max(1, (int)Math.Round((double)step * errors.Length / Coverages));
            for (; i < count; i++)
                sum += bySureness[i];
            curve.Add(new RiskAtCoverage((double)step / Coverages, sum / count));
        }
        return [.. curve];
    }
}

/// <summary>Keypoints of similar confidence.</summary>
/// <param name="Confidence">Their mean confidence.</param>
/// <param name="Right">The share of them, 0 to 1, that are right.</param>
/// <param name="Keypoints">How many they are.</param>
public sealed record ReliabilityBin(double Confidence, double Right, int Keypoints);

/// <summary>What the error is where the least sure are left out.</summary>
/// <param name="Coverage">The share, 0 to 1, that is kept.</param>
/// <param name="ErrorPercentOfImage">The mean error of those.</param>
public sealed record RiskAtCoverage(double Coverage, double ErrorPercentOfImage);

/// <summary>
/// How good the predictions are that are at least so sure: what is gained by leaving out the doubtful ones, and how
/// many that costs.
/// </summary>
/// <param name="MinConfidence">The threshold.</param>
/// <param name="Coverage">The share, 0 to 1, of labelled keypoints whose prediction has at least that confidence.</param>
/// <param name="ErrorPercentOfImage">The mean L2 distance of these, in percent of the image's size; null where there is none.</param>
/// <param name="Pck">The share, 0 to 1, of these within 0.1 of the image's size; null where there is none.</param>
public sealed record ConfidenceLevel(double MinConfidence, double Coverage, double? ErrorPercentOfImage, double? Pck);

/// <summary>Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their ranks.</summary>
internal static class RankCorrelation
{
    /// <summary>−1 to 1; null where there are fewer than two pairs or one side has equal values only.</summary>
    /// <param name="first">Values, none NaN.</param>
    /// <param name="second">As many.</param>
    public static double? Spearman(double[] first, double[] second)
    {
        if (first.Length < 2)
            return null;
        (double[] a, double[] b) = (Ranks(first), Ranks(second));
        double mean = (first.Length - 1) / 2.0;
        double product = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (a[i] - mean) * (b[i] - mean);
            squaresA += (a[i] - mean) * (a[i] - mean);
            squaresB += (b[i] - mean) * (b[i] - mean);
        }
        return squaresA > 0 && squaresB > 0 ? product / Math.Sqrt(squaresA * squaresB) : null;
    }

    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]];)
                to++;
            for (int i = from; i < to; i++)
                ranks[order[i]] = (from + to - 1) / 2.0;
        }
        return ranks;
    }
}
