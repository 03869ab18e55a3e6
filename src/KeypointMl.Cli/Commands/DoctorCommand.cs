using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Training.Diagnosis;

namespace KeypointMl.Cli.Commands;

/// <summary><c>doctor [--json]</c></summary>
internal static class DoctorCommand
{
    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command("doctor",
            "Looks at this machine: processor, libraries, whether training computes right numbers, devices, ffmpeg; "
            + "says what does not work and what to do. Returns 1 where something does not.") { json, context.Threads };
        command.SetAction((parsed, _) =>
        {
            DoctorReport report = Doctor.Examine(parsed.GetValue(context.Threads));
            if (parsed.GetValue(json))
                context.Out.WriteLine(report.ToJson().ToJsonString());
            else
                report.Write(context.Out);
            return Task.FromResult(report.IsWell ? ExitCode.Done : ExitCode.Failed);
        });
        return command;
    }
}
