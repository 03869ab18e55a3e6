namespace KeypointMl.Cli.Tests;

/// <summary>
/// Marks the tests that run Slurm itself: skipped, saying so, unless the environment variable <c>KEYPOINTML_SLURM</c>
/// is 1. They need root on Linux and Debian's packages <c>slurm-wlm</c>, <c>slurmd</c>, <c>slurmctld</c> and
/// <c>munge</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmConditionAttribute : ConditionBaseAttribute
{
    private const string Variable = "KEYPOINTML_SLURM";

    public SlurmConditionAttribute()
        : base(ConditionMode.Include) =>
        IgnoreMessage = $"Runs Slurm: set {Variable}=1, be root on Linux, and apt-get install slurm-wlm slurmd slurmctld munge.";

    public override string GroupName => nameof(SlurmConditionAttribute);

    public override bool IsConditionMet => Environment.GetEnvironmentVariable(Variable) == "1";
}
