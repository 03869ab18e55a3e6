using System.CommandLine;
using KeypointMl.Data;

namespace KeypointMl.Cli;

/// <summary><c>data list</c></summary>
internal static class DataListCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("list", "Lists the manifests in data-manifests, here and beside the executable.");
        command.SetAction((_, _) => Task.FromResult(Run(context.Out)));
        return command;
    }

    private static int Run(TextWriter output)
    {
        foreach (string path in Manifests.List())
        {
            var manifest = DataManifest.Load(path);
            output.WriteLine($"{manifest.Name,-12} {path}");
            output.WriteLine($"{"",-12} {manifest.Description}");
            output.WriteLine($"{"",-12} {manifest.Skeleton.Count} keypoints; {(manifest.Files.Count == 0 ? "generated" : $"{manifest.Files.Count} files")}. Terms: {manifest.Terms}");
        }
        return ExitCode.Done;
    }
}
