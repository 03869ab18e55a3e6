namespace KeypointMl.Training.Recipes;

/// <summary>Preset, file and overrides → a checked <see cref="Recipe"/>.</summary>
internal static class RecipeReader
{
    public static Recipe Read(string yaml, string fileName, IReadOnlyList<string> overrides)
    {
        var problems = new List<RecipeProblem>();
        RecipeMap? own = RecipeParser.ParseRecipe(yaml, (line, column) => $"{fileName}:{line}:{column}", problems);
        RecipeMap given = RecipeInheritance.Resolve(own ?? new RecipeMap($"{fileName}:1:1", []), fileName, problems);
        foreach (string text in overrides)
        {
            if (RecipeTree.FromOverride(text, problems) is { } layer)
                given = RecipeTree.Merge(given, layer);
        }
        if (own is null)
            throw new RecipeException(fileName, problems);

        Recipe preset = FindPreset(given, fileName, problems);
        // Positions of the preset are of no use to who wrote the file: a value that is missing is reported at the file's top.
        RecipeMap merged = RecipeTree.Merge(RecipeTree.FromRecord(preset, $"{fileName}:1:1"), given);
        return Bind(merged, fileName, problems);
    }

    public static void Check(Recipe recipe) =>
        Bind(RecipeTree.FromRecord(recipe), recipe.Name.Length == 0 ? "(without a name)" : $"'{recipe.Name}'", []);

    private static Recipe FindPreset(RecipeMap given, string fileName, List<RecipeProblem> problems)
    {
        string known = string.Join(", ", Presets.Names);
        if (given.Find("preset") is not { Value: RecipeScalar { IsNull: false } name })
        {
            problems.Add(new RecipeProblem(
                given.Find("preset")?.KeyWhere ?? $"{fileName}:1:1", "preset", $"is missing; expected one of {known}."));
            return Presets.Paper128;
        }
        if (Presets.Find(name.Text) is { } preset)
            return preset;
        problems.Add(new RecipeProblem(name.Where, "preset", $"is '{name.Text}'; expected one of {known}."));
        return Presets.Paper128;
    }

    private static Recipe Bind(RecipeMap merged, string source, List<RecipeProblem> problems)
    {
        var recipe = (Recipe)new RecipeBinder(problems).Bind(typeof(Recipe), merged);
        // Rules between values make sense only where each value could be read.
        if (problems.Count == 0)
            RecipeRules.Check(recipe, (key, message) => problems.Add(new RecipeProblem(PlaceOf(merged, key), key, message)));
        return problems.Count == 0 ? recipe : throw new RecipeException(source, problems);
    }

    private static string PlaceOf(RecipeMap root, string key)
    {
        string where = root.Where;
        RecipeNode? node = root;
        foreach (string part in key.Split('.'))
        {
            if ((node as RecipeMap)?.Find(part) is not { } entry)
                break;
            (where, node) = (entry.Value is RecipeMap ? entry.KeyWhere : entry.Value.Where, entry.Value);
        }
        return where;
    }
}
