using System.Net;
using System.Text.Json;
using KeypointMl.Studio.Hosting;
using static KeypointMl.Studio.Tests.Pages.WatchedStudio;

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
}
