using System.Globalization;
using KeypointMl.Cli.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Commands;

/// <summary>Says that a run was stopped before its end, where its networks are used as they are.</summary>
internal static class Unfinished
{
    public static void Note(RunFolder run, CommandContext context)
    {
        if (run.StepsLeft > 0)
        {
            context.Note(string.Create(CultureInfo.InvariantCulture,
                $"The run has {run.StepsLeft:N0} of its {run.Recipe.Training.Steps:N0} steps left to train; its networks are used as they are."));
        }
    }
}
