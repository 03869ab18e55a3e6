using System.CommandLine;
using KeypointMl.Cli.Commands;
using KeypointMl.Cli.Running;

namespace KeypointMl.Cli;

/// <summary>What the command can do, in the order of its help.</summary>
internal static class Verbs
{
    /// <summary>What is typed before a verb.</summary>
    public const string CommandName = "keypointml";

    public static IReadOnlyList<Command> Create(CommandContext context) =>
    [
        QuickstartCommand.Create(context),
        NewCommand.Create(context),
        TrainCommand.Create(context),
        DistillCommand.Create(context),
        ExperimentCommand.Create(context),
        FigureCommand.Create(context),
        PostprocessCommand.Create(context),
        CalibrateCommand.Create(context),
        ExportCommand.Create(context),
        EvalCommand.Create(context),
        FindCommand.Create(context),
        ScoreCommand.Create(context),
        PlanCommand.Create(context),
        VerifyCommand.Create(context),
        MergeCommand.Create(context),
        ReviewCommand.Create(context),
        StudioCommand.Create(context),
        InspectCommand.Create(context),
        DoctorCommand.Create(context),
        DataCommand.Create(context),
        PriorCommand.Create(context),
        ReportCommand.Create(context),
        CompletionCommand.Create(context),
        CompletionCommand.CreateWords(context),
    ];
}
