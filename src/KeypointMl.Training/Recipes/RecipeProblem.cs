namespace KeypointMl.Training;

/// <summary>One thing that is wrong with a recipe.</summary>
/// <param name="Where">File, line and column (<c>puppets.yaml:12:3</c>), the override (<c>--set training.steps=x</c>), or <c>preset cpu-64</c>.</param>
/// <param name="Key">The key as a dotted path; empty where none is to blame.</param>
/// <param name="Message">What was expected, what was found, what to do.</param>
public sealed record RecipeProblem(string Where, string Key, string Message)
{
    /// <summary>One line for a message.</summary>
    public override string ToString() => Key.Length == 0 ? $"{Where}: {Message}" : $"{Where}: {Key} {Message}";
}
