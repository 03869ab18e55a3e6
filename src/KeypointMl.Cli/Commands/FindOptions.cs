using System.CommandLine;
using System.CommandLine.Parsing;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Subjects;

namespace KeypointMl.Cli.Commands;

/// <summary>The options by which subjects are looked for before a video is scored.</summary>
internal sealed class FindOptions
{
    private readonly Option<bool> find = new("--find")
    {
        Description = "Look for the moving subjects of each video first, as 'find' does, instead of --boxes.",
    };
    private readonly Option<int?> count = new Option<int?>("--count")
    {
        Description = "With --find: how many subjects there are, 1 to 100, where it is known.",
        HelpName = "N",
    }.Within(1, 100);
    private readonly Option<float?> size = new Option<float?>("--size")
    {
        Description = "With --find: the side of the square boxes in pixels; else learnt from the video.",
        HelpName = "PX",
    }.Within(4, 1_000_000);
    private readonly Option<int?> gap = new Option<int?>("--max-gap")
    {
        Description = "With --find and without --count: for how many frames a subject that is not seen may come back as the same track.",
        HelpName = "FRAMES",
    }.Within(0, int.MaxValue);

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [find, count, size, gap];

    /// <summary>What was asked for; null for no search.</summary>
    public SubjectFinderOptions? Read(ParseResult parsed)
    {
        var options = new SubjectFinderOptions();
        return !parsed.GetValue(find) ? null : options with
        {
            Count = parsed.GetValue(count),
            Size = parsed.GetValue(size),
            MaxGap = parsed.GetValue(gap) ?? options.MaxGap,
        };
    }

    /// <summary>Refuses a gap beside a count: tracks of subjects whose number is known do not end, whatever the gap.</summary>
    public static void RequireOneEnd(CommandResult result, Option count, Option gap)
    {
        if (result.GetResult(count) is { Implicit: false } && result.GetResult(gap) is { Implicit: false })
            result.AddError($"With {count.Name} no track ends: leave {gap.Name} out.");
    }

    /// <summary>Refuses what does not go together.</summary>
    /// <param name="result">The command's options.</param>
    /// <param name="other">An option that was given and says where the subjects are in another way; null for none.</param>
    public void Check(CommandResult result, Option? other)
    {
        bool isGiven = result.GetResult(find) is { Implicit: false };
        Option[] lost = [.. new Option[] { count, size, gap }.Where(option => result.GetResult(option) is { Implicit: false })];
        if (!isGiven && lost.Length > 0)
            result.AddError($"{string.Join(", ", lost.Select(option => option.Name))} needs {find.Name}.");
        RequireOneEnd(result, count, gap);
        if (!isGiven || other is null)
            return;
        result.AddError(other.Name == "--boxes"
            ? $"{find.Name} and {other.Name} both say where the subjects are; give one of the two."
            : $"A job's pipeline says itself whether subjects are looked for ('find: {{ count: N }}'); leave {find.Name} out.");
    }
}
