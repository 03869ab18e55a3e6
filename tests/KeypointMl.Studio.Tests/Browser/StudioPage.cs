using System.Numerics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>The page of a studio in a browser. What the page complains about to the console fails the test.</summary>
internal sealed class StudioPage : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    private StudioPage(StudioUnderTest studio, IBrowserContext context, IPage page) =>
        (Studio, this.context, Page) = (studio, context, page);

    public StudioUnderTest Studio { get; }

    public IPage Page { get; }

    /// <summary>The picture with the poses; its label says which frame it shows.</summary>
    public ILocator Canvas => Page.Locator("#look .stage canvas");

    /// <summary>Complaints of a page whose server goes away are no fault.</summary>
    public bool ServerGoes { get; set; }

    public static async Task<StudioPage> OpenAsync(
        Func<StudioOptions, StudioOptions>? change = null, Action<TemporaryFolder>? prepare = null, IBrowserContext? context = null)
    {
        context ??= await Chromium.OpenAsync();
        StudioUnderTest studio = await StudioUnderTest.StartAsync(change, prepare);
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        var opened = new StudioPage(studio, context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal))
                opened.complaints.Add(message.Text);
        };
        page.PageError += (_, error) => opened.complaints.Add(error);
        await page.GotoAsync(studio.Server.Address.AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Files" })).ToBeAttachedAsync();
        return opened;
    }

    /// <summary>Opens a file of the list.</summary>
    public async Task ChooseAsync(string name)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await LabelAsync("subject");
    }

    /// <summary>Waits until the picture's label has a text.</summary>
    public Task LabelAsync(string text) =>
        Assertions.Expect(Canvas).ToHaveAttributeAsync("aria-label", new Regex(Regex.Escape(text)), new() { Timeout = 15_000 });

    /// <summary>Where a point of a frame of the test model's size is on the page.</summary>
    public async Task<(float X, float Y)> PlaceOfAsync(Vector2 point, int width = TestModels.Width, int height = TestModels.Height)
    {
        LocatorBoundingBoxResult box = (await Canvas.BoundingBoxAsync())!;
        float scale = Math.Min(box.Width / width, box.Height / height);
        return (box.X + (box.Width - scale * width) / 2 + (point.X + 0.5f) * scale,
            box.Y + (box.Height - scale * height) / 2 + (point.Y + 0.5f) * scale);
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A point's button among those that are corrected.</summary>
    public ILocator Point(string name) => Page.Locator(".parts button").Filter(new() { HasText = name });

    /// <summary>Waits until a text is on the page.</summary>
    public Task SeeAsync(string text) => Assertions.Expect(Page.GetByText(text)).ToBeVisibleAsync();

    /// <summary>Waits until the page complains of something.</summary>
    public Task ComplaintAsync(string text) =>
        Assertions.Expect(Page.Locator(".toast.bad").Filter(new() { HasText = text })).ToBeVisibleAsync();

    /// <summary>Saves the labels, in a format.</summary>
    public async Task SaveAsync(string format = "COCO")
    {
        await Page.GetByLabel("Format").SelectOptionAsync(format);
        await Button("Save").ClickAsync();
        await Assertions.Expect(Page.Locator(".toast").Filter(new() { HasText = "Saved:" }).Last).ToBeVisibleAsync();
    }

    /// <summary>Lets requests wait until the result is set.</summary>
    public async Task<TaskCompletionSource> HoldAsync(Func<string, bool> url)
    {
        var gate = new TaskCompletionSource();
        await Page.RouteAsync(url, async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        return gate;
    }

    /// <summary>Lets the answers that a gate held come, and the page do something with them.</summary>
    public async Task ReleaseAsync(TaskCompletionSource gate, string part)
    {
        IResponse late = await Page.RunAndWaitForResponseAsync(
            () => Task.Run(gate.SetResult), response => response.Url.Contains(part, StringComparison.Ordinal));
        await late.FinishedAsync();
        await Page.EvaluateAsync("new Promise((done) => setTimeout(done, 100))");
    }

    /// <summary>Presses the mouse at a point of a frame, and moves it a little.</summary>
    public async Task TakeAsync(Vector2 point, int width = TestModels.Width, int height = TestModels.Height)
    {
        (float x, float y) = await PlaceOfAsync(point, width, height);
        await Page.Mouse.MoveAsync(x, y);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(x + 10, y + 10);
    }

    /// <summary>Moves the pressed mouse to a point of a frame, and lets it go.</summary>
    public async Task PutAsync(Vector2 point, int width = TestModels.Width, int height = TestModels.Height)
    {
        (float x, float y) = await PlaceOfAsync(point, width, height);
        await Page.Mouse.MoveAsync(x, y);
        await Page.Mouse.UpAsync();
    }

    /// <summary>Drops a file on the page, as a person does.</summary>
    public Task DropAsync(string name, byte[] content, string type) => Page.EvaluateAsync(
        """
        ([name, base64, type]) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], name, { type }));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }
        """, new[] { name, Convert.ToBase64String(content), type });

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        await Studio.DisposeAsync();
        if (!ServerGoes)
            Assert.IsEmpty(complaints, string.Join(Environment.NewLine, complaints));
    }
}
