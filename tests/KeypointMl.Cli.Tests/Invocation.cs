namespace KeypointMl.Cli.Tests;

/// <summary>What one call of the command returned and printed.</summary>
internal sealed record Invocation(int ExitCode, string Out, string Error)
{
    public static Invocation Of(params string[] args) => Of(CancellationToken.None, args);

    public static Invocation Of(CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = CommandLine.Run(args, output, error, cancellation);
        return new Invocation(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Asserts the exit code and shows what was printed where it is another one.</summary>
    public Invocation Returning(int exitCode)
    {
        Assert.AreEqual(exitCode, ExitCode, $"out: {Out}\nerror: {Error}");
        return this;
    }
}
