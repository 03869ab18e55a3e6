using System.CommandLine;

namespace KeypointMl.Cli;

/// <summary><c>data list|check|preview</c></summary>
internal static class DataCommand
{
    public static Command Create(CommandContext context) => new("data", "Lists, checks and shows data sets.")
    {
        DataListCommand.Create(context),
        DataCheckCommand.Create(context),
        DataPreviewCommand.Create(context),
    };
}
