using System.CommandLine;
using KeypointMl.Cli.Commands;
using KeypointMl.Cli.Running;

namespace KeypointMl.Cli;

/// <summary>What the command can do without libtorch, in the order of its help.</summary>
internal static class Verbs
{
    /// <summary>What is typed before a verb.</summary>
    public const string CommandName = "keypointml-score";

    public static IReadOnlyList<Command> Create(CommandContext context) =>
    [
        FindCommand.Create(context),
        ScoreCommand.Create(context),
        PlanCommand.Create(context),
        VerifyCommand.Create(context),
        MergeCommand.Create(context),
        ReviewCommand.Create(context),
        InspectCommand.Create(context),
        DataCommand.Create(context),
        CompletionCommand.Create(context),
        CompletionCommand.CreateWords(context),
    ];
}
