using System.Globalization;

namespace KeypointMl.Testing;

/// <summary>
/// Marks a test that runs for as long as it is given, in the category <c>fuzz</c>: skipped, saying so, unless the
/// environment variable <c>KEYPOINTML_FUZZ</c> says how many seconds.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FuzzConditionAttribute : ConditionBaseAttribute
{
    private const string Variable = "KEYPOINTML_FUZZ";

    public FuzzConditionAttribute()
        : base(ConditionMode.Include) => IgnoreMessage = $"A long run: set {Variable} to a number of seconds.";

    public static TimeSpan Duration =>
        double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out double seconds)
        ? TimeSpan.FromSeconds(seconds)
        : TimeSpan.Zero;

    public override string GroupName => nameof(FuzzConditionAttribute);

    public override bool IsConditionMet => Duration > TimeSpan.Zero;
}
