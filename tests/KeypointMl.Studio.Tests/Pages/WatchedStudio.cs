using System.Text.Json;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>A studio with a run, and what it tells of it.</summary>
internal static class WatchedStudio
{
    /// <summary>A studio that watches the run 'run'.</summary>
    /// <param name="script">What a shell does in the command's place, with its arguments and the run's folder in RUN.</param>
    /// <param name="output">A folder in OUT.</param>
    internal static Task<StudioUnderTest> WatchingAsync(string? script = null, string output = "")
    {
        string run = "";
        Func<IReadOnlyList<string>, IReadOnlyList<string>>? starter = script is null
            ? null
            : arguments => ["env", $"RUN={run}", $"OUT={output}", "sh", "-c", script, "keypointml", .. arguments];
        string? data = script is null ? null : "pictures";
        return StudioUnderTest.StartAsync(options => options with { Runs = [run], Starter = starter, DataRoot = data }, folder =>
        {
            run = RunOnDisk.Write(folder);
            folder.Write("run/samples/step-00000010.png", Imaging.Images.ImageWriter.EncodePng(TestImages.Numbered(1)));
        });
    }

    /// <summary>The next event of a name.</summary>
    internal static async Task<JsonElement> NextAsync(StreamReader events, string name, CancellationToken cancellation)
    {
        while (await events.ReadLineAsync(cancellation) is { } line)
        {
            if (line == $"event: {name}")
                return JsonDocument.Parse((await events.ReadLineAsync(cancellation))!["data: ".Length..]).RootElement;
        }
        throw new EndOfStreamException($"The events ended before there was one of '{name}'.");
    }
}
