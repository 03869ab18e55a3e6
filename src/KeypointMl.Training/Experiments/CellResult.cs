using System.Globalization;

namespace KeypointMl.Training.Experiments;

/// <summary>What is known of a cell of an experiment's table.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Column">Its column.</param>
/// <param name="Metric">What is measured.</param>
/// <param name="Planned">How many runs fill it; 0 where nothing is to be trained.</param>
/// <param name="Values">What finished runs measured, with their seeds.</param>
/// <param name="Diverged">Seeds whose training diverged.</param>
/// <param name="Failed">Seeds whose run failed otherwise.</param>
/// <param name="Paper">The paper's figure; null where it has none.</param>
internal sealed record CellResult(
    ExperimentRow Row, ExperimentColumn Column, ExperimentMetric Metric, int Planned,
    IReadOnlyList<(ulong Seed, double Value)> Values, IReadOnlyList<ulong> Diverged, IReadOnlyList<ulong> Failed, string? Paper)
{
    /// <summary>The mean over the seeds that finished; null before one has.</summary>
    public double? Mean => Values.Count == 0 ? null : Values.Average(value => value.Value);

    /// <summary>The standard deviation of a sample, with n − 1; null for fewer than two seeds.</summary>
    public double? StandardDeviation => Mean is { } mean && Values.Count > 1
        ? Math.Sqrt(Values.Sum(value => (value.Value - mean) * (value.Value - mean)) / (Values.Count - 1))
        : null;

    /// <summary>The number with which the paper's figure begins; null where it has none, or says it in words.</summary>
    public double? PaperValue => Paper is { } text
        && double.TryParse(text.Split('±')[0].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>The cell in words: <c>2.16 ± 0.05 (3 seeds)</c>, and what is missing.</summary>
    public string Text
    {
        get
        {
            if (Planned == 0)
                return "–";
            string value = (Mean, StandardDeviation) switch
            {
                (null, _) => "",
                ({ } mean, null) => string.Create(CultureInfo.InvariantCulture, $"{mean:F2} (1 seed)"),
                ({ } mean, { } deviation) =>
                    string.Create(CultureInfo.InvariantCulture, $"{mean:F2} ± {deviation:F2} ({Values.Count} seeds)"),
            };
            int open = Planned - Values.Count - Diverged.Count - Failed.Count;
            IEnumerable<string> rest =
            [
                .. Diverged.Select(seed => $"seed {seed} diverged"),
                .. Failed.Select(seed => $"seed {seed} failed"),
                .. open == 0 ? [] : new[] { open == Planned ? "not run yet" : $"{open} of {Planned} not run yet" },
            ];
            return string.Join("; ", rest.Prepend(value).Where(part => part.Length > 0));
        }
    }
}
