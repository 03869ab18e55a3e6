using Microsoft.Playwright;

namespace KeypointMl.Studio.Tests.Browser;

/// <summary>Debian's Chromium, started once for all tests.</summary>
[TestClass]
public static class Chromium
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly SemaphoreSlim One = new(1, 1);
    private static IPlaywright? playwright;
    private static IBrowser? browser;

    /// <summary>A new window with nothing in it; skips the test, saying so, where there is no Chromium.</summary>
    internal static async Task<IBrowserContext> OpenAsync(int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        string? program = Array.Find(Places, File.Exists);
        if (program is null)
        {
            Assert.Inconclusive(
                $"Skipped: Chromium is not installed (looked for {string.Join(", ", Places)}). Debian has it: apt-get install chromium");
        }
        await One.WaitAsync();
        try
        {
            playwright ??= await Playwright.CreateAsync();
            browser ??= await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
        }
        finally
        {
            One.Release();
        }
        return await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
    }

    [AssemblyCleanup]
    public static async Task CloseAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
