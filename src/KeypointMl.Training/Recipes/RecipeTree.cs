using System.Globalization;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Recipes;

/// <summary>Layers of recipe values: from a record, from an override, and one laid over the other.</summary>
internal static class RecipeTree
{
    /// <summary>
    /// Two keys of one section of which a layer that sets one takes the other from the layers below: <c>gamma</c>
    /// replaces <c>sigma_squared</c>.
    /// </summary>
    private static readonly (string First, string Second) Alternatives = ("sigma_squared", "gamma");

    private static readonly RecipeMap Nothing = new("", []);

    /// <summary>A record as a tree with every key, nulls included, but for tables of weights that are empty.</summary>
    public static RecipeMap FromRecord(object section, string where = "in code") =>
        new(where,
        [
            .. RecipeSchema.Of(section.GetType()).Keys
                .Select(key => (key.Name, Value: key.Property.GetValue(section)))
                .Where(entry => entry.Value is not NamedWeights { IsEmpty: true })
                .Select(entry => new RecipeEntry(entry.Name, where, FromValue(entry.Value, where))),
        ]);

    /// <summary>A record as a tree with every key that says what a run is; without those that say where it is computed.</summary>
    public static RecipeMap WithoutPlace(object section) => Without(FromRecord(section), section.GetType());

    /// <summary><c>a.b=value</c> as a tree; null, with a problem added, where it is none.</summary>
    public static RecipeMap? FromOverride(string text, List<RecipeProblem> problems)
    {
        string where = $"--set {text}";
        int equals = text.IndexOf('=');
        string[] path = equals < 1 ? [] : text[..equals].Trim().Split('.');
        if (path.Length == 0 || path.Any(string.IsNullOrWhiteSpace))
        {
            problems.Add(new RecipeProblem(where, "", "expected key=value with a dotted key, such as training.steps=500."));
            return null;
        }
        string value = text[(equals + 1)..];
        RecipeNode? node = string.IsNullOrWhiteSpace(value)
            ? new RecipeScalar(where, "", false)
            : RecipeParser.Parse(value, (_, _) => where, problems);
        if (node is null)
            return null;
        foreach (string key in path.Reverse())
            node = new RecipeMap(where, [new RecipeEntry(key, where, node)]);
        return (RecipeMap)node;
    }

    /// <summary>Lays <paramref name="upper"/> over <paramref name="lower"/>: groups key by key, all else whole.</summary>
    public static RecipeMap Merge(RecipeMap lower, RecipeMap upper)
    {
        var entries = lower.Entries.Select(entry => IsReplacedAlternative(entry.Key, upper) ? entry with
        {
            Value = new RecipeScalar(upper.Where, "null", false),
        } : entry).ToList();
        foreach (RecipeEntry entry in upper.Entries)
        {
            int index = entries.FindIndex(candidate => candidate.Key == entry.Key);
            if (index < 0)
                entries.Add(entry);
            else if (entries[index].Value is RecipeMap below && entry.Value is RecipeMap above)
                entries[index] = entry with { Value = Merge(below, above) };
            else
                entries[index] = entry;
        }
        return new RecipeMap(upper.Where, entries);
    }

    /// <summary>The keys in which two trees differ, with both values.</summary>
    public static List<string> Differences(RecipeMap one, RecipeMap other, string path = "")
    {
        var differences = new List<string>();
        foreach (string key in one.Entries.Concat(other.Entries).Select(entry => entry.Key).Distinct())
        {
            (RecipeNode? mine, RecipeNode? theirs) = (one.Find(key)?.Value, other.Find(key)?.Value);
            if (mine is RecipeMap or null && theirs is RecipeMap or null)
                differences.AddRange(Differences(mine as RecipeMap ?? Nothing, theirs as RecipeMap ?? Nothing, $"{path}{key}."));
            else if (TextOf(mine) != TextOf(theirs))
                differences.Add($"{path}{key} {TextOf(mine)}, {TextOf(theirs)}");
        }
        return differences;
    }

    private static RecipeMap Without(RecipeMap map, Type type) => map with
    {
        Entries =
        [
            .. from key in RecipeSchema.Of(type).Keys
               where !key.IsPlace
               let entry = map.Find(key.Name)
               where entry is not null
               select entry.Value is RecipeMap inner && key.ValueType != typeof(NamedWeights) ? entry with { Value = Without(inner, key.ValueType) } : entry,
        ],
    };

    private static string TextOf(RecipeNode? node) => node switch
    {
        RecipeScalar scalar => scalar.Text,
        RecipeList list => $"[{string.Join(", ", list.Items.Select(TextOf))}]",
        _ => "(nothing)",
    };

    private static bool IsReplacedAlternative(string key, RecipeMap upper) =>
        (key == Alternatives.First && Sets(upper, Alternatives.Second)) || (key == Alternatives.Second && Sets(upper, Alternatives.First));

    private static bool Sets(RecipeMap map, string key) => map.Find(key) is { Value: not RecipeScalar { IsNull: true } };

    private static RecipeNode FromValue(object? value, string where) => value switch
    {
        null => new RecipeScalar(where, "null", false),
        string text => new RecipeScalar(where, text, true),
        bool flag => new RecipeScalar(where, flag ? "true" : "false", false),
        Enum member => new RecipeScalar(where, RecipeSchema.NameOf(member), false),
        TrainingMethod method => new RecipeScalar(where, method.Name, false),
        NumberPair pair => new RecipeList(where, [FromValue(pair.First, where), FromValue(pair.Second, where)]),
        NamedWeights weights => new RecipeMap(
            where, [.. weights.Select(pair => new RecipeEntry(pair.Key, where, FromValue(pair.Value, where)))]),
        IFormattable number and (int or ulong or double) =>
            new RecipeScalar(where, number.ToString(null, CultureInfo.InvariantCulture), false),
        _ => FromRecord(value, where),
    };
}
