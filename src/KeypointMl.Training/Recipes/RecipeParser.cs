using KeypointMl.Data.Yaml;

namespace KeypointMl.Training.Recipes;

/// <summary>
/// YAML text → <see cref="RecipeNode"/>, by the parser and within the limits of every other YAML file
/// (<see cref="YamlParser"/>).
/// </summary>
internal static class RecipeParser
{
    /// <summary>Parses a recipe; null, with a problem added, where it is none.</summary>
    /// <inheritdoc cref="Parse"/>
    public static RecipeMap? ParseRecipe(string yaml, Func<int, int, string> where, List<RecipeProblem> problems)
    {
        RecipeNode? root = Parse(yaml, where, problems);
        if (root is not null and not RecipeMap)
            problems.Add(new RecipeProblem(root.Where, "", $"the recipe is {root.Describe()}; expected keys such as 'name' and 'data'."));
        return root as RecipeMap;
    }

    /// <summary>Parses one document; null, with a problem added, where it is not YAML or empty.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="where">Names a line and column for messages.</param>
    /// <param name="problems">Receives what is wrong.</param>
    public static RecipeNode? Parse(string yaml, Func<int, int, string> where, List<RecipeProblem> problems)
    {
        var found = new List<YamlProblem>();
        YamlItem? root = YamlParser.Parse(yaml, found);
        problems.AddRange(found.Select(problem => new RecipeProblem(where(problem.Line, problem.Column), "", problem.Message + ".")));
        if (root is not null)
            return Convert(root, where);
        if (found.Count == 0)
            problems.Add(new RecipeProblem(where(1, 1), "", "the recipe is empty; expected keys such as 'name' and 'data'."));
        return null;
    }

    private static RecipeNode Convert(YamlItem item, Func<int, int, string> where)
    {
        string place = where(item.Line, item.Column);
        return item switch
        {
            YamlMap map => new RecipeMap(place, [.. map.Entries.Select(Entry)]),
            YamlList list => new RecipeList(place, [.. list.Items.Select(child => Convert(child, where))]),
            YamlScalar scalar => new RecipeScalar(place, scalar.Text, scalar.Quoted),
            _ => throw new InvalidOperationException($"A YAML text has no {item.GetType().Name}."),
        };

        RecipeEntry Entry(YamlEntry entry) => new(entry.Key.Text, where(entry.Key.Line, entry.Key.Column), Convert(entry.Value, where));
    }
}
