using System.Net;
using System.Text.Json;
using KeypointMl.Studio.Hosting;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>Runs as the page watches them.</summary>
[TestClass]
public sealed class RunTests
{
    [TestMethod]
    public async Task Run_is_described_without_libtorch()
    {
        await using StudioUnderTest studio = await WatchingAsync();

        JsonElement run = await studio.GetAsync("/api/run?run=0");

        Assert.AreEqual("walk", run.GetProperty("title").GetString());
        Assert.AreEqual(2000, run.GetProperty("steps").GetProperty("training").GetInt32());
        Assert.Contains("--resume", run.GetProperty("resume").GetString()!);
        Assert.AreEqual("step-00000010.png", run.GetProperty("samples")[0].GetString());
        Assert.DoesNotContain(
            "libtorch", string.Join(' ', System.Diagnostics.Process.GetCurrentProcess().Modules.Cast<System.Diagnostics.ProcessModule>()
                .Select(module => module.ModuleName)));
    }

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

    [TestMethod]
    public async Task Process_that_holds_the_lock_is_the_one_that_trains()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/locks"))
            Assert.Inconclusive("Skipped: only Linux tells which process holds a file.");
        await using StudioUnderTest studio = await WatchingAsync();
        JsonElement before = await studio.GetAsync("/api/run?run=0");

        await using var held = new FileStream(
            studio.Folder["run/.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        JsonElement during = await studio.GetAsync("/api/run?run=0");

        Assert.AreEqual(JsonValueKind.Null, before.GetProperty("process").ValueKind);
        Assert.AreEqual(Environment.ProcessId, during.GetProperty("process").GetInt32());
    }

    [TestMethod]
    [DataRow("/api/run?run=1", "no run '1'")]
    [DataRow("/api/run/sample?run=0&name=../recipe.yaml", "no sample")]
    public async Task What_is_not_there_is_refused(string path, string words)
    {
        await using StudioUnderTest studio = await WatchingAsync();

        Assert.Contains(words, await studio.RefusedAsync(HttpStatusCode.NotFound, path));
    }

    [TestMethod]
    public async Task Stop_of_a_run_that_nobody_trains_says_what_to_do()
    {
        await using StudioUnderTest studio = await WatchingAsync();

        Assert.Contains("Ctrl-C", await studio.RefusedAsync(HttpStatusCode.Conflict, "/api/run/stop?run=0", StudioUnderTest.Json(null)));
    }

    [TestMethod]
    public async Task Run_goes_on_in_a_process_that_stops_when_it_is_asked_to()
    {
        RequireShell();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using StudioUnderTest studio = await WatchingAsync(
            "echo \"$*\" > \"$RUN/arguments\"; cat > /dev/null; echo done > \"$RUN/done\"");
        await using Stream stream = await studio.Client.GetStreamAsync("/api/run/events?run=0", patience.Token);
        using var events = new StreamReader(stream);
        JsonElement before = await NextAsync(events, "state", patience.Token);

        await studio.PostAsync("/api/run/resume?run=0");
        JsonElement during = await NextAsync(events, "state", patience.Token);
        string twice = await studio.RefusedAsync(HttpStatusCode.Conflict, "/api/run/resume?run=0", StudioUnderTest.Json(null));
        await studio.PostAsync("/api/run/stop?run=0");
        JsonElement after = await NextAsync(events, "state", patience.Token);

        Assert.AreEqual(JsonValueKind.Null, before.GetProperty("process").ValueKind);
        int process = during.GetProperty("process").GetInt32();
        Assert.Contains($"Process {process} trains this run already", twice);
        Assert.AreEqual(JsonValueKind.Null, after.GetProperty("process").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, after.GetProperty("failure").ValueKind);
        string run = studio.Folder["run"];
        Assert.AreEqual(
            $"train {run}/recipe.yaml --out {run} --resume --data-root pictures\n", File.ReadAllText(studio.Folder["run/arguments"]));
        Assert.AreEqual("done\n", File.ReadAllText(studio.Folder["run/done"]));
    }

    [TestMethod]
    public async Task Run_that_cannot_go_on_says_why()
    {
        RequireShell();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using StudioUnderTest studio = await WatchingAsync("echo 'keypointml: the data are not there' >&2; exit 1");
        await using Stream stream = await studio.Client.GetStreamAsync("/api/run/events?run=0", patience.Token);
        using var events = new StreamReader(stream);
        await NextAsync(events, "state", patience.Token);

        await studio.PostAsync("/api/run/resume?run=0");
        JsonElement state;
        do
            state = await NextAsync(events, "state", patience.Token);
        while (state.GetProperty("failure").ValueKind == JsonValueKind.Null);

        Assert.AreEqual("keypointml: the data are not there", state.GetProperty("failure").GetString());
    }

    [TestMethod]
    public async Task Training_ends_with_the_studio()
    {
        RequireShell();
        string run;
        using var folder = new TemporaryFolder();
        await using (StudioUnderTest studio = await WatchingAsync("cat > /dev/null; echo done > \"$OUT/done\"", folder.Path))
        {
            await studio.PostAsync("/api/run/resume?run=0");
            run = studio.Folder["run"];
        }

        Assert.AreEqual("done\n", File.ReadAllText(folder["done"]), run);
    }

    [TestMethod]
    public async Task Page_without_a_command_shows_what_to_type()
    {
        await using StudioUnderTest studio = await WatchingAsync();

        JsonElement run = await studio.GetAsync("/api/run?run=0");
        string refused = await studio.RefusedAsync(HttpStatusCode.Conflict, "/api/run/resume?run=0", StudioUnderTest.Json(null));

        Assert.IsFalse(run.GetProperty("canResume").GetBoolean());
        Assert.Contains(run.GetProperty("resume").GetString()!, refused);
    }

    [TestMethod]
    public async Task Folder_that_is_no_run_is_told_at_the_start()
    {
        using var folder = new TemporaryFolder();

        FileNotFoundException error = await Assert.ThrowsExactlyAsync<FileNotFoundException>(
            () => StudioServer.StartAsync(new StudioOptions { Runs = [folder.Path] }));

        Assert.Contains("is not a run", error.Message);
    }

    private static void RequireShell()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Skipped: a shell stands in for the command.");
    }

    /// <param name="script">What a shell does in the command's place, with its arguments and the run's folder in RUN.</param>
    /// <param name="output">A folder in OUT.</param>
    private static Task<StudioUnderTest> WatchingAsync(string? script = null, string output = "")
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

    private static async Task<JsonElement> NextAsync(StreamReader events, string name, CancellationToken cancellation)
    {
        while (await events.ReadLineAsync(cancellation) is { } line)
        {
            if (line == $"event: {name}")
                return JsonDocument.Parse((await events.ReadLineAsync(cancellation))!["data: ".Length..]).RootElement;
        }
        throw new EndOfStreamException($"The events ended before there was one of '{name}'.");
    }
}
