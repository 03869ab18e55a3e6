using System.Net;
using System.Net.Sockets;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeypointMl.Studio.Hosting;

/// <summary>
/// A page in the browser, for this machine's user alone: it is bound to the loopback address, and its address holds a token. It
/// calls nobody.
/// </summary>
public sealed class StudioServer : IAsyncDisposable
{
    private const long MostRequestBytes = 16 << 20;
    private const int MostConnections = 4096;

    private readonly WebApplication app;
    private readonly AccessGuard guard;
    private readonly Workbench bench;
    private bool isDisposed;

    private StudioServer(WebApplication app, AccessGuard guard, Workbench bench) =>
        (this.app, this.guard, this.bench) = (app, guard, bench);

    /// <summary>What to open, token included.</summary>
    public Uri Address => AddressWith("token", guard.Token);

    /// <summary>
    /// What to open once, within a minute: for the arguments of a program, which other users of the machine can read. Whoever
    /// opens it later is refused.
    /// </summary>
    /// <returns>The page's address with a ticket of 256 random bits; each call gives another.</returns>
    public Uri IssueAddress() => AddressWith("ticket", guard.IssueTicket());

    /// <summary>Loads what is to be shown and begins to serve it.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A model, predictions, boxes or a skeleton cannot be read; the message says which.</exception>
    /// <exception cref="IOException">The port is taken or may not be listened on, or a run or job is none.</exception>
    public static async Task<StudioServer> StartAsync(StudioOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxUploadBytes, 1);
        Workbench bench = await Workbench.OpenAsync(options, cancellation).ConfigureAwait(false);
        try
        {
            var guard = new AccessGuard(TimeProvider.System);
            WebApplication app = Build(options.Port, guard, bench);
            await ListenAsync(app, options.Port, cancellation).ConfigureAwait(false);
            guard.Port = new Uri(app.Urls.Single()).Port;
            return new StudioServer(app, guard, bench);
        }
        catch
        {
            bench.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        await app.StopAsync().ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
        bench.Dispose();
    }

    private static async Task ListenAsync(WebApplication app, int port, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new IOException($"The studio cannot listen on port {port}: {error.Message.TrimEnd('.')}. Choose another --port.", error);
        }
    }

    private Uri AddressWith(string name, string secret) => new($"http://127.0.0.1:{guard.Port}/?{name}={secret}");

    // Nothing is read from the surroundings: no settings file of the current folder, no variables, no log.
    private static WebApplication Build(int port, AccessGuard guard, Workbench bench)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        WebApplication app = builder.Build();
        app.Use(next => http => GuardAsync(http, guard, next));
        SessionPages.Map(app, bench);
        LookPages.Map(app, bench);
        PlayPages.Map(app, bench);
        RunPages.Map(app, bench, app.Lifetime.ApplicationStopping);
        TrustPages.Map(app, bench);
        SavePages.Map(app, bench);
        app.MapGet("/{**path}", PageFiles.AnswerAsync);
        return app;
    }

    private static async Task GuardAsync(HttpContext http, AccessGuard guard, RequestDelegate next)
    {
        try
        {
            await guard.InvokeAsync(http, next).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked does not wait any more, or the server ends.
            http.Abort();
        }
        catch (Exception error)
        {
            await Answer.RefuseAsync(http, Answer.StatusOf(error), error.Message).ConfigureAwait(false);
        }
    }
}
