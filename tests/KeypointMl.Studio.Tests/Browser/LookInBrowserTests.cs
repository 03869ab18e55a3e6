using System.Numerics;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Imaging.Images;
using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>Looking and correcting, as a person does in a browser.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LookInBrowserTests
{
    [TestMethod]
    public async Task Dropped_image_is_shown_with_its_keypoints()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();

        await studio.DropAsync("mine.png", ImageWriter.EncodePng(TestImages.Numbered(6)), "image/png");

        await studio.LabelAsync("Image, 1 subject; least sure of");
        ILocator entry = studio.Page.GetByRole(AriaRole.Button, new() { Name = "mine.png" });
        await Assertions.Expect(entry).ToHaveAttributeAsync("aria-current", "true");
    }

    [TestMethod]
    public async Task Broken_file_is_told_and_nothing_is_opened()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();

        await studio.DropAsync("broken.png", [1, 2, 3], "image/png");

        await Assertions.Expect(studio.Page.Locator(".toast.bad")).ToContainTextAsync("broken.png");
        await Assertions.Expect(studio.Page.GetByText("Nothing is open yet")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Hovered_point_is_named_and_dragged_point_is_saved()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("c");
        Vector2 target = new(9, 3);
        (float fromX, float fromY) = await studio.PlaceOfAsync(StudioUnderTest.Dots[1]);
        (float toX, float toY) = await studio.PlaceOfAsync(target);

        await studio.Page.Mouse.MoveAsync(fromX, fromY);
        await studio.Page.Mouse.DownAsync();
        await studio.Page.Mouse.MoveAsync((fromX + toX) / 2, (fromY + toY) / 2);
        await studio.Page.Mouse.MoveAsync(toX, toY);
        await studio.Page.Mouse.UpAsync();
        await SaveAsync(studio, "CSV");

        Vector2[] points = PoseFile.Read(studio.Studio.Folder["saved/labels.csv"]).Rows.Single().Points;
        Assert.AreEqual(target.X, points[1].X, 0.2f);
        Assert.AreEqual(target.Y, points[1].Y, 0.2f);
        Assert.AreEqual(StudioUnderTest.Dots[0].X, points[0].X, 1e-3f);
        await Assertions.Expect(studio.Page.GetByText("keypointml prior draw")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Point_is_moved_and_frame_is_marked_by_keys_alone()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");

        foreach (string key in (string[])["c", "n", "n", "ArrowRight", "Shift+ArrowDown", "w"])
            await studio.Page.Keyboard.PressAsync(key);
        await SaveAsync(studio, "COCO");

        Vector2 moved = PoseFile.Read(studio.Studio.Folder["saved/labels.json"]).Rows.Single().Points[1];
        Assert.AreEqual(StudioUnderTest.Dots[1].X + 1, moved.X, 1e-3f);
        Assert.AreEqual(Math.Min(StudioUnderTest.Dots[1].Y + 10, TestModels.Height - 0.5f), moved.Y, 1e-3f);
        Assert.Contains("dots.png,0", File.ReadAllText(studio.Studio.Folder["saved/labels.wrong.csv"]));
    }

    [TestMethod]
    public async Task Pose_is_drawn_by_clicks_where_there_is_no_model()
    {
        await using StudioPage studio = await StudioPage.OpenAsync(
            options => options with { Models = [], Skeleton = RepositoryFiles.Path("data-manifests/skeletons/fly.yaml") });
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "dots.png", Exact = true }).ClickAsync();
        await studio.LabelAsync("Image, 0 subjects");

        await studio.Page.Keyboard.PressAsync("c");
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Draw a new pose" }).ClickAsync();
        for (int k = 0; k < 13; k++)
        {
            (float x, float y) = await studio.PlaceOfAsync(new(k + 1, 2 + k));
            await studio.Page.Mouse.ClickAsync(x, y);
        }
        await SaveAsync(studio, "CSV");

        Vector2[] points = PoseFile.Read(studio.Studio.Folder["saved/labels.csv"]).Rows.Single().Points;
        Assert.HasCount(13, points);
        Assert.AreEqual(new Vector2(5, 6), new Vector2(MathF.Round(points[4].X), MathF.Round(points[4].Y)));
    }

    [TestMethod]
    public async Task Video_plays_steps_and_seeks_by_keys()
    {
        RealData.RequireFfmpeg();
        await using StudioPage studio = await StudioPage.OpenAsync(
            prepare: folder => File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]));
        await studio.ChooseAsync("v.mp4");

        await studio.Page.Keyboard.PressAsync("End");
        await studio.LabelAsync("Frame 29 of 30");
        await studio.Page.Keyboard.PressAsync("Shift+ArrowLeft");
        await studio.LabelAsync("Frame 19 of 30");
        await studio.Page.Keyboard.PressAsync("ArrowRight");
        await studio.LabelAsync("Frame 20 of 30");
        await studio.Page.Keyboard.PressAsync("Home");
        await studio.LabelAsync("Frame 0 of 30");
        await studio.Canvas.FocusAsync();
        await studio.Page.Keyboard.PressAsync(" ");
        await Assertions.Expect(studio.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
        await studio.LabelAsync("Frame 29 of 30");
        await Assertions.Expect(studio.Page.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Corrections_and_the_open_frame_survive_a_reload_and_the_token_leaves_the_address()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("w");
        await Assertions.Expect(studio.Page.GetByText("1 marked as wrong; not saved yet.")).ToBeVisibleAsync();
        studio.Page.Dialog += (_, dialog) => dialog.AcceptAsync();

        await studio.Page.ReloadAsync();

        await studio.LabelAsync("Image, 1 subject");
        await Assertions.Expect(studio.Page.GetByText("1 marked as wrong; not saved yet.")).ToBeVisibleAsync();
        Assert.DoesNotContain("token", studio.Page.Url);
    }

    [TestMethod]
    public async Task Server_that_goes_away_is_told_and_corrections_stay()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        studio.ServerGoes = true;
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("w");

        await studio.Studio.Server.DisposeAsync();
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await Assertions.Expect(studio.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not answer any more");
        await Assertions.Expect(studio.Page.GetByText("1 marked as wrong; not saved yet.")).ToBeVisibleAsync();
    }

    private static async Task SaveAsync(StudioPage studio, string format)
    {
        await studio.Page.GetByLabel("Format").SelectOptionAsync(format);
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(studio.Page.Locator(".toast").Filter(new() { HasText = "Saved:" })).ToBeVisibleAsync();
    }
}
