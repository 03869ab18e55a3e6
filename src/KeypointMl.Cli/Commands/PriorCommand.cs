using System.CommandLine;

namespace KeypointMl.Cli;

/// <summary><c>prior build</c></summary>
internal static class PriorCommand
{
    public static Command Create(CommandContext context) => new("prior", "Makes unpaired prior poses.")
    {
        PriorBuildCommand.Create(context),
    };
}
