using System.CommandLine;

namespace KeypointMl.Cli;

/// <summary><c>data list|check|preview|convert</c></summary>
internal static class DataCommand
{
    public static Command Create(CommandContext context) => new("data", "Lists, checks, shows and converts data sets.")
    {
        DataListCommand.Create(context),
        DataCheckCommand.Create(context),
        DataPreviewCommand.Create(context),
        DataConvertCommand.Create(context),
    };
}
