namespace KeypointMl.Training;

/// <summary>Everything that a report shows, and nothing about how. Empty parts are left out of the page.</summary>
public sealed record ReportData
{
    /// <summary>The page's title: the run's name.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence on what was learnt from what.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The few figures that matter, shown large.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    /// <summary>What the errors are of: data set, split, protocol, unit.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The run and what it is compared with.</summary>
    public IReadOnlyList<ReportResult> Results { get; init; } = [];

    /// <summary>Curves over the steps.</summary>
    public IReadOnlyList<ReportChart> Charts { get; init; } = [];

    /// <summary>Errors by keypoint, by group of keypoints, by group of frames.</summary>
    public IReadOnlyList<ReportBreakdown> Breakdowns { get; init; } = [];

    /// <summary>Pictures, in order; the first is shown open, the others folded.</summary>
    public IReadOnlyList<ReportPicture> Pictures { get; init; } = [];

    /// <summary>The resolved recipe as YAML.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>Where the run came from: versions, seed, hash, machine, times.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Provenance { get; init; } = [];
}
