namespace KeypointMl.Cli.Running;

/// <summary>What the process returns.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It failed or was stopped; the message is on stderr.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int WrongUsage = 2;

    /// <summary>Done, but some inputs failed; each is named on stderr.</summary>
    public const int SomeInputsFailed = 3;

    /// <summary>
    /// Of a worker of a sharded job (<c>score --job</c>): another attempt would fail in the same way, such as a changed
    /// model; Slurm and Kubernetes should not try again.
    /// </summary>
    public const int Permanent = 42;
}
