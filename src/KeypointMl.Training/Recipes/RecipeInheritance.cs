using KeypointMl.Data.Yaml;

namespace KeypointMl.Training.Recipes;

/// <summary>
/// <c>extends: other.yaml</c>: a recipe is laid over another one of its folder, so that it says only what differs. What a run keeps is
/// the resolved recipe, which extends nothing.
/// </summary>
internal static class RecipeInheritance
{
    private const string Key = "extends";

    /// <summary>A recipe's own keys over those of the recipes that it extends.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="path">Its file; the others lie beside it.</param>
    /// <param name="problems">Receives what is wrong, with the file and line where it is.</param>
    public static RecipeMap Resolve(RecipeMap recipe, string path, List<RecipeProblem> problems) => Resolve(recipe, path, [], problems);

    private static RecipeMap Resolve(RecipeMap recipe, string path, HashSet<string> seen, List<RecipeProblem> problems)
    {
        seen.Add(Path.GetFileName(path));
        if (recipe.Find(Key) is not { } entry)
            return recipe;
        RecipeMap own = recipe with { Entries = [.. recipe.Entries.Where(other => other != entry)] };
        if (entry.Value is not RecipeScalar { IsNull: false } name || name.Text.Length == 0 || name.Text != Path.GetFileName(name.Text))
        {
            problems.Add(new RecipeProblem(entry.Value.Where, Key,
                $"is {entry.Value.Describe()}; expected the name of a recipe file beside this one, such as faces.yaml."));
            return own;
        }
        if (!seen.Add(name.Text))
        {
            problems.Add(new RecipeProblem(name.Where, Key, $"is '{name.Text}', which extends this recipe in turn; take one of the two out."));
            return own;
        }
        string file = Path.Combine(Path.GetDirectoryName(path) ?? "", name.Text);
        return Read(file, name, problems) is { } below ? RecipeTree.Merge(Resolve(below, file, seen, problems), own) : own;
    }

    private static RecipeMap? Read(string file, RecipeScalar name, List<RecipeProblem> problems)
    {
        try
        {
            return RecipeParser.ParseRecipe(YamlLimits.ReadFile(file), (line, column) => $"{file}:{line}:{column}", problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problems.Add(new RecipeProblem(name.Where, Key, $"is '{name.Text}', which cannot be read beside this recipe: {error.Message}"));
            return null;
        }
    }
}
