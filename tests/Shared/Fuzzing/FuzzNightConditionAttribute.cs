using System.Globalization;

namespace KeypointMl.Testing;

/// <summary>
/// Marks a test of some million cases, in the category <c>fuzz-night</c>: skipped, saying so, unless the environment variable
/// <c>KEYPOINTML_FUZZ_NIGHT</c> names a folder for its table.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FuzzNightConditionAttribute : ConditionBaseAttribute
{
    private const string FolderVariable = "KEYPOINTML_FUZZ_NIGHT";
    private const string ScaleVariable = "KEYPOINTML_FUZZ_SCALE";

    public FuzzNightConditionAttribute()
        : base(ConditionMode.Include) => IgnoreMessage = $"A very long run: set {FolderVariable} to a folder for its table.";

    /// <summary>Where the table goes.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable) ?? "";

    /// <summary>How many times the usual number of cases.</summary>
    public static double Scale => double.TryParse(Environment.GetEnvironmentVariable(ScaleVariable), CultureInfo.InvariantCulture,
        out double scale) ? scale : 1;

    public override string GroupName => nameof(FuzzNightConditionAttribute);

    public override bool IsConditionMet => Folder.Length > 0;
}
