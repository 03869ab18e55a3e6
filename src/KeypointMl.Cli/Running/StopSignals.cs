using System.Runtime.InteropServices;

namespace KeypointMl.Cli.Running;

/// <summary>Turns the first Ctrl-C or SIGTERM into a request to stop cleanly; the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly PosixSignalRegistration[] registrations;

    public StopSignals()
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    public CancellationToken Token => stop.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (stop.IsCancellationRequested)
            return;
        context.Cancel = true;
        stop.Cancel();
        if (context.Signal == PosixSignal.SIGINT && !Console.IsErrorRedirected)
            Console.Error.WriteLine($"{CommandLine.Name}: Stopping at the next good place; Ctrl+C once more ends it at once.");
    }
}
