using System.Text.Json;
using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>Playing, watching, and the page as a whole in a browser.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PartsInBrowserTests
{
    [TestMethod]
    public async Task Dragged_keypoint_redraws_the_subject()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        await studio.ChooseAsync("dots.png");
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Play" }).ClickAsync();
        ILocator drawn = studio.Page.GetByAltText("What the generator draws");
        ILocator canvas = studio.Page.Locator("#play .stage canvas");
        await Assertions.Expect(drawn).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^data:image/png"));
        string before = (await drawn.GetAttributeAsync("src"))!;

        await canvas.FocusAsync();
        for (int i = 0; i < 6; i++)
            await studio.Page.Keyboard.PressAsync("Shift+ArrowRight");

        await Assertions.Expect(drawn).Not.ToHaveAttributeAsync("src", before);
        await Assertions.Expect(studio.Page.Locator("#play .badge").Filter(new() { HasText = " ms" })).ToBeVisibleAsync();
        await studio.SeeAsync("the generator's file does not say how");
    }

    [TestMethod]
    public async Task Run_is_drawn_as_it_goes_on()
    {
        string run = "";
        await using StudioPage studio = await StudioPage.OpenAsync(
            options => options with { Runs = [run] }, folder => run = RunOnDisk.Write(folder));
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Runs" }).ClickAsync();
        await Assertions.Expect(studio.Page.GetByText("step 30 of 2000")).ToBeVisibleAsync();

        RunOnDisk.Append(studio.Studio.Folder, "run", 40);

        await Assertions.Expect(studio.Page.GetByText("step 40 of 2000")).ToBeVisibleAsync();
        ILocator chart = studio.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("error percent of image.*2.5 at step 40") });
        await Assertions.Expect(chart).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Run_goes_on_by_a_button_and_stops_by_another()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Skipped: a shell stands in for the command.");
        string run = "";
        await using StudioPage studio = await StudioPage.OpenAsync(
            options => options with { Runs = [run], Starter = _ => ["sh", "-c", "cat > /dev/null; echo no data >&2; exit 1"] },
            folder => run = RunOnDisk.Write(folder));
        studio.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Runs" }).ClickAsync();
        await Assertions.Expect(studio.Page.GetByText("not training")).ToBeVisibleAsync();

        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(studio.Page.Locator(".badge.live")).ToHaveTextAsync("training");
        await studio.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await Assertions.Expect(studio.Page.GetByText("not training")).ToBeVisibleAsync();
        await Assertions.Expect(studio.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
    }

    [TestMethod]
    [DataRow("Look")]
    [DataRow("Play")]
    [DataRow("Runs")]
    [DataRow("Trust")]
    public async Task Every_part_fits_a_phone_and_every_control_has_a_name(string part)
    {
        string run = "";
        await using StudioPage studio = await StudioPage.OpenAsync(
            options => options with { Runs = [run] }, folder => run = RunOnDisk.Write(folder),
            await Chromium.OpenAsync(375, 740, ColorScheme.Dark));
        await studio.ChooseAsync("dots.png");

        await studio.Page.GetByRole(AriaRole.Tab, new() { Name = part }).ClickAsync();
        await Assertions.Expect(studio.Page.GetByRole(AriaRole.Tabpanel, new() { Name = part })).ToBeVisibleAsync();
        int width = await studio.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        JsonElement nameless = await studio.Page.EvaluateAsync<JsonElement>(
            """
            [...document.querySelectorAll("button, input:not([type=file]), select, canvas, img, [role=img]")]
              .filter((one) => one.checkVisibility() && one.tagName !== "IMG" || one.tagName === "IMG" && !one.hasAttribute("alt"))
              .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.labels?.length))
              .map((one) => one.outerHTML)
            """);

        Assert.IsLessThanOrEqualTo(375, width);
        Assert.AreEqual(0, nameless.GetArrayLength(), nameless.ToString());
    }

    [TestMethod]
    public async Task Tabs_are_changed_by_arrow_keys()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        ILocator look = studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Look" });
        await Assertions.Expect(studio.Page.GetByText("Nothing is open yet")).ToBeVisibleAsync();

        await look.FocusAsync();
        await studio.Page.Keyboard.PressAsync("ArrowLeft");

        await Assertions.Expect(studio.Page.GetByRole(AriaRole.Tab, new() { Name = "Trust" })).ToBeFocusedAsync();
        await Assertions.Expect(studio.Page.GetByRole(AriaRole.Tabpanel, new() { Name = "Trust" })).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task Foreign_page_cannot_reach_the_studio_of_the_same_browser()
    {
        await using StudioPage studio = await StudioPage.OpenAsync();
        studio.ServerGoes = true; // its console tells of the refusals
        await Assertions.Expect(studio.Page.GetByText("Nothing is open yet")).ToBeVisibleAsync();
        IPage foreign = await studio.Page.Context.NewPageAsync();
        await foreign.RouteAsync(
            "http://evil.example/", route => route.FulfillAsync(new() { Body = "<!doctype html>", ContentType = "text/html" }));
        await foreign.GotoAsync("http://evil.example/");
        string origin = studio.Studio.Server.Address.GetLeftPart(UriPartial.Authority);

        string read = await foreign.EvaluateAsync<string>(
            """
            (origin) => fetch(`${origin}/api/session`, { credentials: 'include' })
              .then((answer) => answer.text(), (error) => `blocked: ${error.name}`)
            """, origin);
        string written = await foreign.EvaluateAsync<string>(
            """
            (origin) => fetch(`${origin}/api/scoring/stop`, { method: 'POST', credentials: 'include', mode: 'no-cors' })
              .then((answer) => answer.type, (error) => `blocked: ${error.name}`)
            """, origin);

        Assert.StartsWith("blocked", read);
        Assert.Contains(written, (string[])["opaque", "blocked: TypeError"]);
    }
}
