using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Images;
using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>Labels in a browser: whose they are, and whether they are saved.</summary>
[TestClass]
[DoNotParallelize]
public sealed class LabelsInBrowserTests
{
    [TestMethod]
    public async Task Labels_of_two_models_on_one_image_do_not_replace_each_other()
    {
        string[] models = [];
        await using StudioPage studio = await StudioPage.OpenAsync(
            options => options with { Models = models },
            folder => models = [folder["model"], folder.Write("other/detector.onnx", Renamed(TestModels.Detector()))]);
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("c");
        await MoveAsync(studio, "red");
        await studio.SaveAsync();

        await studio.Page.GetByLabel("Model").First.SelectOptionAsync("1");
        await MoveAsync(studio, "tan");
        await studio.SaveAsync();
        await studio.SeeAsync("2 poses corrected, 0 marked as wrong; saved.");
        PoseTable first = PoseFile.Read(Saved(studio, "labels.json")), second = PoseFile.Read(Saved(studio, "labels-2.json"));
        await studio.Button("Undo this frame").ClickAsync();
        await studio.SaveAsync();
        await studio.SeeAsync("1 pose corrected, 0 marked as wrong; saved.");

        Assert.AreEqual(("red", 1), (first.Skeleton.Keypoints[0], first.Rows.Count));
        Assert.AreEqual(("tan", 1), (second.Skeleton.Keypoints[0], second.Rows.Count));
        Assert.IsTrue(File.Exists(Saved(studio, "labels.json")));
        Assert.IsFalse(File.Exists(Saved(studio, "labels-2.json")));
    }

    [TestMethod]
    public async Task Copied_tab_does_not_replace_what_the_first_saved_since()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("c");
        await MoveAsync(studio, "red");
        await studio.SaveAsync();
        IPage copy = await CopyAsync(studio);
        await studio.Page.Keyboard.PressAsync("w");
        await studio.SaveAsync();
        await studio.SeeAsync("1 pose corrected, 1 marked as wrong; saved.");

        await copy.GetByRole(AriaRole.Button, new() { Name = "Mark as wrong" }).ClickAsync();
        await copy.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await Assertions.Expect(copy.Locator(".toast.bad")).ToContainTextAsync("by another page since");
        await Assertions.Expect(copy.GetByText("1 pose corrected, 1 marked as wrong; not saved yet.")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Change_that_is_made_while_others_are_saved_is_not_called_saved()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("w");
        TaskCompletionSource gate = await studio.HoldAsync(url => url.Contains("/api/labels", StringComparison.Ordinal));
        await studio.Button("Save").ClickAsync();
        await Assertions.Expect(studio.Button("Save")).ToBeDisabledAsync();
        await studio.Page.Keyboard.PressAsync("w");

        await studio.ReleaseAsync(gate, "/api/labels");

        await studio.SeeAsync("Nothing is corrected or marked any more; not saved yet.");
        await Assertions.Expect(studio.Button("Save")).ToBeEnabledAsync();
    }

    [TestMethod]
    public async Task File_that_was_written_beside_one_that_was_refused_is_known_as_written()
    {
        string[] models = [];
        await using StudioPage studio = await StudioPage.OpenAsync(options => options with { Models = models }, folder =>
        {
            models = [folder["model"], folder.Write("other/detector.onnx", Renamed(TestModels.Detector()))];
            folder.Write("saved/labels-2.json", "precious");
        });
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("c");
        await MoveAsync(studio, "red");
        await studio.Page.GetByLabel("Model").First.SelectOptionAsync("1");
        await MoveAsync(studio, "tan");
        await studio.Button("Save").ClickAsync();
        await studio.ComplaintAsync("labels-2.json is there already");
        await studio.SeeAsync("2 poses corrected, 0 marked as wrong; not saved yet.");

        File.Delete(Saved(studio, "labels-2.json"));
        await studio.Button("Save").ClickAsync();

        await studio.SeeAsync("2 poses corrected, 0 marked as wrong; saved.");
    }

    [TestMethod]
    public async Task Labels_of_what_was_dropped_on_an_earlier_start_are_left_out_after_a_reload()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.DropAsync("mine.png", ImageWriter.EncodePng(TestImages.Numbered(6)), "image/png");
        await studio.LabelAsync("Image, 1 subject");
        await studio.Page.Keyboard.PressAsync("w");
        await studio.SeeAsync("1 marked as wrong; not saved yet.");
        studio.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        string start = (await studio.Studio.GetAsync("/api/session")).GetProperty("start").GetString()!;

        await studio.Page.EvaluateAsync(
            """
            (start) => {
              for (const [key, value] of Object.entries(sessionStorage)) sessionStorage.setItem(key, value.replaceAll(start, "earlier"));
            }
            """, start);
        await studio.Page.ReloadAsync();

        await studio.SeeAsync("Nothing is open yet");
        await studio.SeeAsync("Nothing is corrected or marked yet.");
        await studio.ComplaintAsync("1 label is left out");
    }

    [TestMethod]
    public async Task Labels_are_taken_though_the_browser_keeps_no_more()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.Page.EvaluateAsync(
            "void (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); })");
        await studio.ChooseAsync("dots.png");

        await studio.Page.Keyboard.PressAsync("w");

        await studio.SeeAsync("1 marked as wrong; not saved yet.");
        await studio.ComplaintAsync("save before you reload");
    }

    [TestMethod]
    public async Task What_cannot_be_taken_back_any_more_is_told_once()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Page.Keyboard.PressAsync("w");
        await studio.SaveAsync();
        await studio.Page.Keyboard.PressAsync("w");
        await studio.Page.RouteAsync(
            url => url.Contains("/api/labels", StringComparison.Ordinal),
            route => route.FulfillAsync(new() { Status = 409, Body = """{"error":"written by an earlier start"}""" }));

        await studio.Button("Save").ClickAsync();

        await studio.ComplaintAsync("written by an earlier start");
        await studio.SeeAsync("Nothing is corrected or marked yet.");
        await Assertions.Expect(studio.Button("Save")).ToBeDisabledAsync();
    }

    private static string Saved(StudioPage studio, string name) => studio.Studio.Folder[$"saved/{name}"];

    private static async Task MoveAsync(StudioPage studio, string point)
    {
        await studio.Point(point).ClickAsync();
        await studio.Page.Keyboard.PressAsync("ArrowRight");
    }

    // As the browser copies a tab, with what is kept for it.
    private static async Task<IPage> CopyAsync(StudioPage studio)
    {
        string kept = await studio.Page.EvaluateAsync<string>("JSON.stringify(sessionStorage)");
        IPage copy = await studio.Page.Context.NewPageAsync();
        await copy.AddInitScriptAsync($"Object.assign(sessionStorage, {kept})");
        await copy.GotoAsync(new Uri(studio.Studio.Server.Address, "/").AbsoluteUri);
        await Assertions.Expect(copy.GetByText("1 pose corrected, 0 marked as wrong; saved.")).ToBeVisibleAsync();
        return copy;
    }

    // The same detector with another name for "red".
    private static byte[] Renamed(byte[] model)
    {
        for (int at; (at = model.AsSpan().IndexOf("red"u8)) >= 0;)
            "tan"u8.CopyTo(model.AsSpan(at));
        return model;
    }
}
