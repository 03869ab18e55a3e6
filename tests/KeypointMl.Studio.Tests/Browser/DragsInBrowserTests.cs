using System.Numerics;
using System.Text.RegularExpressions;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>What is dragged, chosen and drawn in a browser while frames change.</summary>
[TestClass]
[DoNotParallelize]
public sealed class DragsInBrowserTests
{
    // The test detector's points of an even picture.
    private static readonly Vector2 Centre = new((VideoFiles.Width - 1) / 2f, (VideoFiles.Height - 1) / 2f);

    [TestMethod]
    public async Task Drag_ends_with_its_frame()
    {
        await using StudioPage studio = await WithVideoAsync();
        await studio.ChooseAsync("v.mp4");
        await studio.Page.Keyboard.PressAsync("c");

        await studio.TakeAsync(Centre, VideoFiles.Width, VideoFiles.Height);
        await studio.Page.Keyboard.PressAsync("End");
        await studio.LabelAsync("Frame 29 of 30");
        await studio.PutAsync(new(9, 9), VideoFiles.Width, VideoFiles.Height);

        await studio.SeeAsync("Nothing is corrected or marked yet.");
    }

    [TestMethod]
    public async Task Video_stays_at_the_frame_that_is_taken_hold_of()
    {
        await using StudioPage studio = await WithVideoAsync();
        await studio.ChooseAsync("v.mp4");
        TaskCompletionSource gate = await PlayToAsync(studio);
        await studio.Page.Keyboard.PressAsync("c");

        await studio.TakeAsync(new(3, 3), VideoFiles.Width, VideoFiles.Height);
        await studio.ReleaseAsync(gate, "frame=10");

        await Assertions.Expect(studio.Button("Play")).ToBeVisibleAsync();
        await Assertions.Expect(studio.Page.Locator("output").First).ToHaveTextAsync(new Regex("^9 / 29"));
    }

    [TestMethod]
    public async Task Video_stops_when_another_part_is_looked_at()
    {
        await using StudioPage studio = await WithVideoAsync();
        await studio.ChooseAsync("v.mp4");
        TaskCompletionSource gate = await PlayToAsync(studio);

        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Runs" }).ClickAsync();
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Look" }).ClickAsync();

        await Assertions.Expect(studio.Button("Play")).ToBeVisibleAsync();
        await studio.ReleaseAsync(gate, "frame=10");
    }

    [TestMethod]
    public async Task Chosen_point_stays_that_of_its_track()
    {
        await using StudioPage studio = await WithVideoAsync(
            "v.mp4,0,a,3,3,0.9\nv.mp4,0,b,30,30,0.9\nv.mp4,1,b,31,30,0.9\nv.mp4,1,a,4,3,0.9\nv.mp4,2,a,5,3,0.9\n");
        await studio.ChooseAsync("v.mp4");
        await studio.Page.Keyboard.PressAsync("c");
        await studio.Point("b: red").ClickAsync();

        await studio.Button("A frame on").ClickAsync();
        await studio.LabelAsync("Frame 1 of 30");
        await Assertions.Expect(studio.Point("b: red")).ToHaveAttributeAsync("aria-pressed", "true");
        await studio.Page.Keyboard.PressAsync("ArrowRight");
        await studio.SaveAsync("CSV");
        PoseRow moved = PoseFile.Read(studio.Studio.Folder["saved/labels.csv"]).Rows.Single();
        await studio.Button("A frame on").ClickAsync();
        await studio.LabelAsync("Frame 2 of 30");

        Assert.AreEqual(("b", 1L, new Vector2(32, 30)), (moved.Item, moved.Frame, moved.Points[0]));
        await Assertions.Expect(studio.Point("red")).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [TestMethod]
    public async Task Mark_that_was_set_before_the_poses_came_is_taken_back()
    {
        await using StudioPage studio = await WithVideoAsync("v.mp4,0,a,3,3,0.9\nv.mp4,0,b,30,30,0.9\n");
        TaskCompletionSource gate = await studio.HoldAsync(IsPoses);
        await studio.Page.RunAndWaitForRequestAsync(() => studio.Button("v.mp4").ClickAsync(), request => IsPoses(request.Url));
        await studio.Button("Mark as wrong").ClickAsync();
        await studio.SeeAsync("1 marked as wrong; not saved yet.");

        await studio.ReleaseAsync(gate, "/api/poses");
        await studio.LabelAsync("2 subjects");
        await studio.Page.Keyboard.PressAsync("c");
        await studio.Point("a: red").ClickAsync();
        await studio.Page.Keyboard.PressAsync("w");

        await studio.SeeAsync("Nothing is corrected or marked yet.");
    }

    [TestMethod]
    public async Task New_pose_is_drawn_when_the_frames_own_are_there()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        TaskCompletionSource gate = await studio.HoldAsync(IsPoses);
        await studio.Page.RunAndWaitForRequestAsync(() => studio.Button("dots.png").ClickAsync(), request => IsPoses(request.Url));
        await studio.Button("Correct points").ClickAsync();

        await studio.Button("Draw a new pose").ClickAsync();
        await studio.ComplaintAsync("not there yet");
        await studio.ReleaseAsync(gate, "/api/poses");
        await studio.LabelAsync("1 subject");
        await studio.Button("Draw a new pose").ClickAsync();

        await Assertions.Expect(studio.Point("new 1: red (missing)")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Box_that_is_too_small_leaves_the_one_before_it()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Button("Draw a box").ClickAsync();
        await studio.TakeAsync(new(2, 2));
        await studio.PutAsync(new(14, 12));
        await studio.SeeAsync("Detected now, in the box.");

        await studio.Button("Draw a box").ClickAsync();
        await studio.TakeAsync(new(5, 5));
        await studio.PutAsync(new(6, 6));
        IRequest asked = await studio.Page.RunAndWaitForRequestAsync(
            () => studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Play" }).ClickAsync(),
            request => request.Url.Contains("/api/appearance", StringComparison.Ordinal));

        string box = System.Web.HttpUtility.ParseQueryString(new Uri(asked.Url).Query)["box"]!;
        Assert.AreEqual(12, float.Parse(box.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture), 0.2f);
    }

    [TestMethod]
    public async Task Points_of_a_video_that_changes_its_size_lie_on_their_own_frame()
    {
        RealData.RequireFfmpeg();
        await using StudioPage studio = await StudioPage.OpenAsync(
            prepare: folder => VideoThatChangesSize.Make(folder, "media/v.webm"));
        (int width, int height) = VideoThatChangesSize.SizeOf(29);
        await studio.ChooseAsync("v.webm");
        await studio.Page.Keyboard.PressAsync("c");
        await studio.Page.Keyboard.PressAsync("End");
        await studio.LabelAsync("Frame 29 of 30");

        await studio.TakeAsync(new((width - 1) / 2f, (height - 1) / 2f), width, height);
        await studio.PutAsync(new(9, 20), width, height);
        await studio.SaveAsync("CSV");

        Vector2[] points = PoseFile.Read(studio.Studio.Folder["saved/labels.csv"]).Rows.Single().Points;
        Assert.Contains(point => Vector2.Distance(point, new(9, 20)) < 0.3f, points);
    }

    private static bool IsPoses(string url) => url.Contains("/api/poses", StringComparison.Ordinal);

    private static Task<StudioPage> WithVideoAsync(string? rows = null)
    {
        RealData.RequireFfmpeg();
        string[] predictions = [];
        return StudioPage.OpenAsync(options => options with { Predictions = predictions }, folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
            if (rows is not null)
                predictions = [folder.Write("poses.csv", $"source,frame,item,red_x,red_y,red_score\n{rows}")];
        });
    }

    // Plays until frame 10, which does not come.
    private static async Task<TaskCompletionSource> PlayToAsync(StudioPage studio)
    {
        TaskCompletionSource gate = await studio.HoldAsync(
            url => url.Contains("/api/frame", StringComparison.Ordinal) && url.Contains("frame=1", StringComparison.Ordinal)
                && !url.EndsWith("frame=1", StringComparison.Ordinal));
        await studio.Button("Play").ClickAsync();
        await Assertions.Expect(studio.Page.Locator("output").First).ToContainTextAsync("10 / 29");
        return gate;
    }
}
