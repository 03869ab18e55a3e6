using System.Collections.Immutable;

namespace KeypointMl.Training.Recipes;

/// <summary>A recipe that cannot be used; <see cref="Problems"/> lists everything that is wrong with it.</summary>
public sealed class RecipeException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="source">The file's name.</param>
    /// <param name="problems">At least one.</param>
    public RecipeException(string source, IEnumerable<RecipeProblem> problems)
        : this(source, [.. problems])
    {
    }

    private RecipeException(string source, ImmutableArray<RecipeProblem> problems)
        : base($"Recipe {source} has {(problems.Length == 1 ? "a problem" : $"{problems.Length} problems")}:\n  "
        + $"{string.Join("\n  ", problems)}") => Problems = problems;

    /// <summary>Everything that is wrong, in the order of the keys.</summary>
    public ImmutableArray<RecipeProblem> Problems { get; }
}

/// <summary>One thing that is wrong with a recipe.</summary>
/// <param name="Where">
/// File, line and column (<c>puppets.yaml:12:3</c>), the override (<c>--set training.steps=x</c>), or <c>preset
/// cpu-64</c>.
/// </param>
/// <param name="Key">The key as a dotted path; empty where none is to blame.</param>
/// <param name="Message">What was expected, what was found, what to do.</param>
public sealed record RecipeProblem(string Where, string Key, string Message)
{
    /// <summary>One line for a message.</summary>
    public override string ToString() => Key.Length == 0 ? $"{Where}: {Message}" : $"{Where}: {Key} {Message}";
}
