using Spectre.Console;
using Spectre.Console.Rendering;

namespace KeypointMl.Cli.Progress;

/// <summary>
/// Turns Spectre.Console's live display, which lives as long as a callback runs, into an object that is made and
/// disposed.
/// </summary>
internal sealed class LiveBar : IDisposable
{
    private readonly TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task display;
    private readonly LiveDisplayContext context;

    public LiveBar(IAnsiConsole console, IRenderable first)
    {
        var started = new TaskCompletionSource<LiveDisplayContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        display = Task.Run(() => console.Live(first).StartAsync(async context =>
        {
            started.SetResult(context);
            await stop.Task;
        }));
        // If the display fails before it starts (another live display is running), its own exception says so.
        Task.WaitAny(started.Task, display);
        if (display.IsFaulted)
            display.GetAwaiter().GetResult();
        context = started.Task.GetAwaiter().GetResult();
    }

    public void Show(IRenderable content) => context.UpdateTarget(content);

    public void Dispose()
    {
        stop.TrySetResult();
        display.GetAwaiter().GetResult();
    }
}
