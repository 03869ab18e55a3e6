namespace KeypointMl.Cli.Tests;

/// <summary>
/// Marks the long chaos test: skipped, saying so, unless the environment variable <c>KEYPOINTML_CHAOS</c> is 1. It
/// mounts a small file system, for which it must run as root on Linux.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChaosConditionAttribute : ConditionBaseAttribute
{
    private const string Variable = "KEYPOINTML_CHAOS";

    public ChaosConditionAttribute()
        : base(ConditionMode.Include) =>
        IgnoreMessage = $"Minutes of killed workers on a mounted file system: set {Variable}=1 and run as root on Linux.";

    public override string GroupName => nameof(ChaosConditionAttribute);

    public override bool IsConditionMet => Environment.GetEnvironmentVariable(Variable) == "1";
}
