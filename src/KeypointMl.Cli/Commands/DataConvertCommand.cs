using System.CommandLine;
using KeypointMl.Data;

namespace KeypointMl.Cli;

/// <summary><c>data convert INPUT OUTPUT</c></summary>
internal static class DataConvertCommand
{
    public static Command Create(CommandContext context)
    {
        var input = new Argument<string>("INPUT") { Description = "Poses: SLEAP .slp, DeepLabCut .h5 or .csv, COCO keypoints .json, or CSV such as 'score' writes." };
        var output = new Argument<string>("OUTPUT") { Description = "The same as .json (COCO keypoints), .csv or .slp (SLEAP)." };
        var category = new Option<string?>("--category")
        {
            Description = "Of a COCO file with several categories: the name or id of the one to read. Without it, all that have the same keypoints.",
            HelpName = "NAME",
        };
        var command = new Command("convert", "Converts files of labels and predictions between tools.") { input, output, category };
        command.SetAction((parsed, _) =>
        {
            OutputGuard.Require(parsed.GetRequiredValue(output), parsed.GetRequiredValue(input));
            PoseTable table = PoseFile.Read(parsed.GetRequiredValue(input), parsed.GetValue(category));
            PoseFile.Write(table, parsed.GetRequiredValue(output));
            context.Out.WriteLine($"{parsed.GetRequiredValue(output)}: {table.Rows.Count} poses of {table.Skeleton.Count} keypoints");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
