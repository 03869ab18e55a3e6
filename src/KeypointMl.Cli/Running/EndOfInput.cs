namespace KeypointMl.Cli.Running;

/// <summary>Turns the end of standard input into a request to stop cleanly.</summary>
internal static class EndOfInput
{
    /// <summary>A token that asks to stop when another one does or the input ends; what is read is thrown away.</summary>
    public static CancellationTokenSource Watch(CancellationToken cancellation)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        new Thread(() =>
        {
            while (Console.In.ReadLine() is not null)
            {
            }
            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // All was done before.
            }
        })
        { IsBackground = true }.Start();
        return stop;
    }
}
