using System.Text.RegularExpressions;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Images;
using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>What was chosen, while things change: another file, a frame that does not come, a run that goes on.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ChangesInBrowserTests
{
    [TestMethod]
    public async Task Track_that_is_shown_alone_is_forgotten_with_its_file()
    {
        string path = "";
        await using StudioPage studio = await StudioPage.OpenAsync(options => options with { Predictions = [path] }, folder =>
        {
            folder.Write("media/other.png", ImageWriter.EncodePng(TestImages.Numbered(6)));
            path = folder.Write(
                "poses.csv",
                "source,frame,item,box.x,box.y,box.width,box.height,red_x,red_y,red_score\n"
                + "dots.png,0,a,1,1,8,8,3,3,0.9\ndots.png,0,b,1,1,8,8,5,5,0.9\nother.png,0,c,1,1,8,8,5,5,0.9\n");
        });
        ILocator track = studio.Page.Locator("#look select").Filter(new() { HasText = "All tracks" });
        await studio.ChooseAsync("dots.png");
        await track.SelectOptionAsync("a");

        await studio.ChooseAsync("other.png");

        await Assertions.Expect(track).ToHaveValueAsync("*");
        await Assertions.Expect(track.Locator("option")).ToHaveTextAsync(["All tracks", "Track c"]);
    }

    [TestMethod]
    public async Task Mark_after_a_seek_that_failed_is_of_the_frame_that_is_seen()
    {
        RealData.RequireFfmpeg();
        await using StudioPage studio = await StudioPage.OpenAsync(
            prepare: folder => File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]));
        await studio.ChooseAsync("v.mp4");
        await studio.Page.RouteAsync(
            url => url.Contains("/api/frame", StringComparison.Ordinal) && url.EndsWith("frame=2", StringComparison.Ordinal),
            route => route.FulfillAsync(new() { Status = 422, Body = """{"error":"frame 2 is damaged"}""" }));

        await studio.Page.Keyboard.PressAsync("ArrowRight");
        await studio.LabelAsync("Frame 1 of 30");
        await studio.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(studio.Page.Locator(".toast.bad")).ToContainTextAsync("frame 2 is damaged");
        await studio.Page.Keyboard.PressAsync("w");
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(studio.Page.Locator(".toast").Filter(new() { HasText = "Saved:" })).ToBeVisibleAsync();

        Assert.Contains("\nv.mp4,1,", File.ReadAllText(studio.Studio.Folder["saved/labels.wrong.csv"]));
        await Assertions.Expect(studio.Page.Locator("output").First).ToContainTextAsync("1 / 29");
    }

    [TestMethod]
    public async Task Run_that_goes_on_shows_its_new_sample_and_leaves_the_focus_where_it_is()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Skipped: a shell stands in for the command.");
        string run = "";
        await using StudioPage studio = await StudioPage.OpenAsync(
            options => options with { Runs = [run], Starter = _ => ["sh", "-c", "cat > /dev/null; exit 1"] },
            folder =>
            {
                run = RunOnDisk.Write(folder);
                folder.Write("run/samples/step-00000030.png", ImageWriter.EncodePng(TestImages.Numbered(1)));
            });
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Runs" }).ClickAsync();
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        ILocator stop = studio.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" });
        await stop.FocusAsync();

        studio.Studio.Folder.Write("run/samples/step-00000040.png", ImageWriter.EncodePng(TestImages.Numbered(2)));
        RunOnDisk.Append(studio.Studio.Folder, "run", 40);

        await Assertions.Expect(studio.Page.GetByText("step-00000040.png")).ToBeVisibleAsync();
        await Assertions.Expect(studio.Page.Locator("#samples-0")).ToHaveJSPropertyAsync("max", "1");
        await Assertions.Expect(studio.Page.GetByText("step 40 of 2000")).ToBeVisibleAsync();
        await Assertions.Expect(stop).ToBeFocusedAsync();
    }

    [TestMethod]
    public async Task Runs_that_are_left_before_they_are_answered_are_not_listened_to()
    {
        string run = "";
        await using StudioPage studio = await StudioPage.OpenAsync(
            options => options with { Runs = [run] }, folder => run = RunOnDisk.Write(folder));
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        int listeners = 0;
        studio.Page.Request += (_, request) => listeners += request.Url.Contains("/api/run/events", StringComparison.Ordinal) ? 1 : 0;
        await studio.Page.RouteAsync(url => url.Contains("/api/run?", StringComparison.Ordinal), async route =>
        {
            asked.TrySetResult();
            await gate.Task;
            await route.ContinueAsync();
        });
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Runs" }).ClickAsync();
        await asked.Task;
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Look" }).ClickAsync();

        IResponse late = await studio.Page.RunAndWaitForResponseAsync(
            () => Task.Run(gate.SetResult), response => response.Url.Contains("/api/run?", StringComparison.Ordinal));
        await late.FinishedAsync();
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Runs" }).ClickAsync();
        await Assertions.Expect(studio.Page.GetByText("step 30 of 2000")).ToBeVisibleAsync();

        Assert.AreEqual(1, listeners);
    }

    [TestMethod]
    public async Task What_another_page_saved_is_kept_and_what_was_taken_back_is_saved_as_gone()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        ILocator save = studio.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true });
        string marks = studio.Studio.Folder["saved/labels.wrong.csv"];
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("w");
        await save.ClickAsync();
        await Assertions.Expect(studio.Page.GetByText("1 marked as wrong; saved.")).ToBeVisibleAsync();

        await studio.Page.ReloadAsync();
        await Assertions.Expect(studio.Page.GetByText("1 marked as wrong; saved.")).ToBeVisibleAsync();
        IPage second = await studio.Page.Context.NewPageAsync();
        await second.GotoAsync(new Uri(studio.Studio.Server.Address, "/").AbsoluteUri);
        await second.GetByRole(AriaRole.Button, new() { Name = "dots.png", Exact = true }).ClickAsync();
        await Assertions.Expect(second.Locator("#look .stage canvas")).ToHaveAttributeAsync("aria-label", new Regex("subject"));
        await second.Keyboard.PressAsync("w");
        await second.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(second.Locator(".toast.bad")).ToContainTextAsync("was not saved from this page");
        Assert.IsTrue(File.Exists(marks));

        await studio.LabelAsync("subject");
        await studio.Page.Keyboard.PressAsync("w");
        await save.ClickAsync();
        await Assertions.Expect(studio.Page.GetByText("nothing is left, and what was saved is gone")).ToBeVisibleAsync();
        Assert.IsFalse(File.Exists(marks));
        await Assertions.Expect(save).ToBeDisabledAsync();
    }

    [TestMethod]
    public async Task Labels_of_two_skeletons_are_saved_in_a_file_each()
    {
        string path = "";
        await using StudioPage studio = await StudioPage.OpenAsync(options => options with { Predictions = [path] }, folder =>
        {
            folder.Write("media/other.png", ImageWriter.EncodePng(TestImages.Numbered(6)));
            path = folder.Write("poses.csv", "source,nose_x,nose_y,ear_x,ear_y,tail_x,tail_y\nother.png,3,3,5,5,7,7\n");
        });

        foreach (string name in (string[])["dots.png", "other.png"])
        {
            await studio.ChooseAsync(name);
            await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Correct points" }).ClickAsync();
            await studio.Page.Locator(".parts button").Filter(new() { HasText = name == "dots.png" ? "red" : "nose" }).Last.ClickAsync();
            await studio.Page.Keyboard.PressAsync("ArrowRight");
            await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Correct points" }).ClickAsync();
        }
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(studio.Page.Locator(".toast").Filter(new() { HasText = "Saved:" })).ToBeVisibleAsync();

        PoseTable first = PoseFile.Read(studio.Studio.Folder["saved/labels.json"]);
        PoseTable second = PoseFile.Read(studio.Studio.Folder["saved/labels-2.json"]);
        Assert.AreEqual(("red", "dots.png"), (first.Skeleton.Keypoints[0], first.Rows.Single().Source));
        Assert.AreEqual(("nose", "other.png", 4f), (second.Skeleton.Keypoints[0], second.Rows.Single().Source, second.Rows[0].Points[0].X));
    }

    [TestMethod]
    public async Task Mark_on_a_frame_without_poses_is_kept_though_a_point_was_chosen()
    {
        RealData.RequireFfmpeg();
        await using StudioPage studio = await StudioPage.OpenAsync(
            prepare: folder => File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]));
        await studio.ChooseAsync("v.mp4");
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Correct points" }).ClickAsync();
        await studio.Page.Locator(".parts button").Filter(new() { HasText = "red" }).Last.ClickAsync();
        await studio.Page.RouteAsync(
            url => url.Contains("/api/poses", StringComparison.Ordinal),
            route => route.FulfillAsync(new() { Status = 422, Body = """{"error":"no poses today"}""" }));

        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Last frame" }).ClickAsync();
        await Assertions.Expect(studio.Page.Locator(".toast.bad")).ToContainTextAsync("no poses today");
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as wrong" }).ClickAsync();

        await Assertions.Expect(studio.Page.GetByText("1 marked as wrong; not saved yet.")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Right_button_moves_no_point()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Correct points" }).ClickAsync();
        (float x, float y) = await studio.PlaceOfAsync(StudioUnderTest.Dots[0]);

        await studio.Page.Mouse.MoveAsync(x, y);
        await studio.Page.Mouse.DownAsync(new() { Button = MouseButton.Right });
        await studio.Page.Mouse.MoveAsync(x + 40, y + 40);
        await studio.Page.Mouse.UpAsync(new() { Button = MouseButton.Right });

        await Assertions.Expect(studio.Page.GetByText("Nothing is corrected or marked yet.")).ToBeVisibleAsync();
    }
}
