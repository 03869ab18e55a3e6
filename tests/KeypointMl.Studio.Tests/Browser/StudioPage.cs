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
