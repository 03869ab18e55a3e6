using System.Text.Json;
using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>The page's files, timeline, keys and controls in a browser.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PageInBrowserTests
{
    [TestMethod]
    public async Task Timeline_that_comes_late_is_not_shown_over_another_file()
    {
        RealData.RequireFfmpeg();
        string path = "";
        await using StudioPage studio = await StudioPage.OpenAsync(options => options with { Predictions = [path] }, folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
            path = folder.Write("poses.csv", "source,frame,item,red_x,red_y,red_score\nv.mp4,0,a,3,3,0.9\n");
        });
        TaskCompletionSource gate = await studio.HoldAsync(url => url.Contains("/api/timeline", StringComparison.Ordinal));
        await studio.ChooseAsync("v.mp4");
        await studio.ChooseAsync("dots.png");
        await studio.LabelAsync("Image, 1 subject");

        await studio.ReleaseAsync(gate, "/api/timeline");

        await Assertions.Expect(studio.Page.Locator(".timeline")).ToBeHiddenAsync();
        await Assertions.Expect(studio.Button("Score the whole video")).ToBeHiddenAsync();
    }

    [TestMethod]
    public async Task Of_two_files_that_are_opened_the_last_one_is_shown()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        TaskCompletionSource gate = await studio.HoldAsync(
            url => url.Contains("/api/media", StringComparison.Ordinal) && url.Contains("dots2", StringComparison.Ordinal));
        await studio.Button("day1").ClickAsync();
        await studio.Button("dots2.png").ClickAsync();
        await studio.ChooseAsync("dots.png");

        await studio.ReleaseAsync(gate, "/api/media");

        await Assertions.Expect(studio.Button("dots.png")).ToHaveAttributeAsync("aria-current", "true");
        await Assertions.Expect(studio.Button("dots2.png")).ToHaveAttributeAsync("aria-current", "false");
    }

    [TestMethod]
    public async Task Arrow_keys_scroll_where_no_point_is_chosen()
    {
        await using StudioPage studio = await StudioPage.OpenAsync(context: await Chromium.OpenAsync(375, 740));
        await studio.ChooseAsync("dots.png");
        Task<bool> scrolls = studio.Page.EvaluateAsync<bool>(
            """
            new Promise((done) => {
              addEventListener("scroll", () => done(true), { once: true });
              setTimeout(() => done(false), 4000);
            })
            """);

        await studio.Page.Keyboard.PressAsync("ArrowDown");

        Assert.IsTrue(await scrolls);
    }

    [TestMethod]
    public async Task Every_control_has_an_id_of_its_own()
    {
        string[] models = [];
        await using StudioPage studio = await StudioPage.OpenAsync(options => options with { Models = models }, folder =>
        {
            folder.Write("other/generator.onnx", TestModels.Generator());
            models = [folder["model"], folder.Write("other/detector.onnx", TestModels.Detector())];
        });
        await studio.ChooseAsync("dots.png");

        JsonElement twice = await studio.Page.EvaluateAsync<JsonElement>(
            "[...document.querySelectorAll('[id]')].map((one) => one.id).filter((id, i, all) => all.indexOf(id) !== i)");

        Assert.AreEqual(0, twice.GetArrayLength(), twice.ToString());
    }

    [TestMethod]
    public async Task File_that_is_too_large_is_told_before_it_is_sent()
    {
        await using StudioPage studio = await StudioPage.OpenAsync(options => options with { MaxUploadBytes = 1 << 20 });
        bool isSent = false;
        studio.Page.Request += (_, request) => isSent |= request.Url.Contains("/api/drop", StringComparison.Ordinal);

        await studio.DropAsync("large.png", new byte[(1 << 20) + 1], "image/png");

        await studio.ComplaintAsync("large.png has more than 1 MB");
        Assert.IsFalse(isSent);
    }
}
