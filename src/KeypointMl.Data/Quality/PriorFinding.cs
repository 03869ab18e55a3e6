namespace KeypointMl.Data.Quality;

/// <summary>What a check of a prior found out.</summary>
/// <param name="Check">What was looked at, such as <c>scale</c>.</param>
/// <param name="Level">How it is.</param>
/// <param name="Measured">What was measured, in a sentence without a full stop.</param>
/// <param name="Advice">What to do about it; empty where nothing is to be done.</param>
internal sealed record PriorFinding(string Check, FindingLevel Level, string Measured, string Advice = "")
{
    internal static PriorFinding Of(string check, bool isFine, string measured, string advice) =>
        isFine ? new PriorFinding(check, FindingLevel.Ok, measured) : new PriorFinding(check, FindingLevel.Warning, measured, advice);

    /// <summary>A line for people.</summary>
    public override string ToString()
    {
        string mark = Level switch
        {
            FindingLevel.Ok => "ok  ",
            FindingLevel.Warning => "WARN",
            _ => "-   ",
        };
        return $"{mark} {Check}: {Measured}{(Advice.Length == 0 ? "" : $". {Advice}")}";
    }
}

/// <summary>How something was found.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Training would probably not learn what is wanted.</summary>
    Warning,

    /// <summary>It could not be told.</summary>
    NotJudged,
}
