namespace KeypointMl.Cli.Tests;

/// <summary>Cancels when a line begins with a text: a Ctrl-C at a known moment.</summary>
internal sealed class StoppingWriter(CancellationTokenSource stop, string after) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value is not null && value.StartsWith(after, StringComparison.Ordinal))
            stop.Cancel();
    }
}
