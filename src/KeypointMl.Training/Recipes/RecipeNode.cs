namespace KeypointMl.Training.Recipes;

/// <summary>A YAML value that remembers where it was written, so that a message can say so after layers have been merged.</summary>
/// <param name="Where">File, line and column; an override; or a preset.</param>
internal abstract record RecipeNode(string Where)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Describe();
}

/// <summary>Text; <paramref name="Quoted"/> text is never a number, a boolean or null.</summary>
internal sealed record RecipeScalar(string Where, string Text, bool Quoted) : RecipeNode(Where)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null";

    public override string Describe() => IsNull ? "nothing" : Quoted ? $"the text \"{Text}\"" : $"'{Text}'";
}

/// <summary><c>[a, b]</c>.</summary>
internal sealed record RecipeList(string Where, IReadOnlyList<RecipeNode> Items) : RecipeNode(Where)
{
    public override string Describe() => $"a list of {Items.Count}";
}

/// <summary>Keys, in order. A key also remembers where it stands, for messages about the key itself.</summary>
internal sealed record RecipeMap(string Where, IReadOnlyList<RecipeEntry> Entries) : RecipeNode(Where)
{
    public RecipeEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    public override string Describe() => "a group of keys";
}

/// <summary>One <c>key: value</c>.</summary>
internal sealed record RecipeEntry(string Key, string KeyWhere, RecipeNode Value);
