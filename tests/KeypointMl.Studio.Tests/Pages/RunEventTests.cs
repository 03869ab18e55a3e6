using System.Text.Json;
using static KeypointMl.Studio.Tests.Pages.WatchedStudio;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>What the page is told of runs' logs while they are written.</summary>
[TestClass]
public sealed class RunEventTests
{
    [TestMethod]
    public async Task New_lines_of_the_log_arrive_as_events()
    {
        await using StudioUnderTest studio = await WatchingAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using Stream stream = await studio.Client.GetStreamAsync("/api/run/events?run=0", patience.Token);
        using var events = new StreamReader(stream);

        JsonElement first = await NextAsync(events, "lines", patience.Token);
        RunOnDisk.Append(studio.Folder, "run", 40);
        JsonElement second = await NextAsync(events, "lines", patience.Token);

        Assert.AreEqual(0, first.GetProperty("from").GetInt32());
        Assert.AreEqual(3, first.GetProperty("lines").GetArrayLength());
        Assert.AreEqual(3, second.GetProperty("from").GetInt32());
        Assert.AreEqual(40, second.GetProperty("lines")[0].GetProperty("step").GetInt32());
        Assert.AreEqual("training", second.GetProperty("lines")[0].GetProperty("phase").GetString());
    }

    [TestMethod]
    public async Task Runs_share_one_answer_and_a_lost_one_ends_none()
    {
        string[] runs = [];
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            options => options with { Runs = runs }, folder => runs = [RunOnDisk.Write(folder, "a", 1), RunOnDisk.Write(folder, "b", 2)]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using Stream stream = await studio.Client.GetStreamAsync("/api/run/events?run=0,1", patience.Token);
        using var events = new StreamReader(stream);

        JsonElement first = await NextAsync(events, "lines", patience.Token);
        JsonElement second = await NextAsync(events, "lines", patience.Token);
        Directory.Delete(studio.Folder["a"], recursive: true);
        JsonElement lost = await NextAsync(events, "fault", patience.Token);
        RunOnDisk.Append(studio.Folder, "b", 40);
        JsonElement goesOn = await NextAsync(events, "lines", patience.Token);

        Assert.AreEqual("0 1", $"{first.GetProperty("run").GetString()} {first.GetProperty("lines").GetArrayLength()}");
        Assert.AreEqual("1 2", $"{second.GetProperty("run").GetString()} {second.GetProperty("lines").GetArrayLength()}");
        Assert.AreEqual("0", lost.GetProperty("run").GetString());
        Assert.AreEqual("1", goesOn.GetProperty("run").GetString());
        Assert.AreEqual(2, goesOn.GetProperty("from").GetInt32());
    }

    [TestMethod]
    public async Task Log_that_begins_anew_replaces_what_was_told()
    {
        await using StudioUnderTest studio = await WatchingAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using Stream stream = await studio.Client.GetStreamAsync("/api/run/events?run=0", patience.Token);
        using var events = new StreamReader(stream);
        await NextAsync(events, "lines", patience.Token);

        File.Delete(studio.Folder["run/log.jsonl"]);
        RunOnDisk.Append(studio.Folder, "run", 20);
        JsonElement anew = await NextAsync(events, "lines", patience.Token);

        Assert.AreEqual(0, anew.GetProperty("from").GetInt32());
    }

    [TestMethod]
    public async Task Damaged_log_is_told_and_does_not_end_the_watching()
    {
        await using StudioUnderTest studio = await WatchingAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using Stream stream = await studio.Client.GetStreamAsync("/api/run/events?run=0", patience.Token);
        using var events = new StreamReader(stream);
        await NextAsync(events, "lines", patience.Token);

        File.AppendAllText(studio.Folder["run/log.jsonl"], "no line\n");
        JsonElement fault = await NextAsync(events, "fault", patience.Token);

        Assert.Contains("log.jsonl:4", fault.GetProperty("error").GetString()!);
    }
}
