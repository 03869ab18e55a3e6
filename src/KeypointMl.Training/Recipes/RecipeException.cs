using System.Collections.Immutable;

namespace KeypointMl.Training;

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
        : base($"Recipe {source} has {(problems.Length == 1 ? "a problem" : $"{problems.Length} problems")}:\n  {string.Join("\n  ", problems)}") => Problems = problems;

    /// <summary>Everything that is wrong, in the order of the keys.</summary>
    public ImmutableArray<RecipeProblem> Problems { get; }
}
