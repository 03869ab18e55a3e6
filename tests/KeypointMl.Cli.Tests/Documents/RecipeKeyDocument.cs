using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Cli.Tests.Documents;

/// <summary>docs/recipe-keys.md, out of the recipe's types: keys, ranges, the presets' defaults, what the code says of each.</summary>
internal static class RecipeKeyDocument
{
    public const string File = "docs/recipe-keys.md";

    private const string Head = """
        # Recipes, key by key

        A recipe is a YAML file for `keypointml train`; those of this project are in
        [pipelines/train](https://github.com/keypointml/keypointml/tree/main/pipelines/train). Every key stands here with the
        values that it may have and its default. `preset` names the set of defaults that the file starts from: the column
        *default* is that of `paper-128`, and *other presets* has those that differ. An unknown key, a value out of range and a
        contradiction are errors that say file and line. `--set a.b=value` overrides one. `extends: other.yaml` lays a recipe over
        another one of its folder, so that it says only what differs. Where two sections have the same keys, what a key is may
        name the default of the first; the column has the section's own.

        Written by a test from the code; don't edit:

        ```
        KEYPOINTML_WRITE_DOCS=1 dotnet test --project tests/KeypointMl.Cli.Tests --filter "FullyQualifiedName~DocumentTests"
        ```

        """;

    private static readonly Recipe[] OtherPresets = [.. Presets.Names.Skip(1).Select(name => Presets.Find(name)!)];

    public static string Write()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        WriteSection(text, typeof(Recipe), "", Presets.Find(Presets.Names[0])!, OtherPresets);
        return text.ToString();
    }

    private static void WriteSection(StringBuilder text, Type type, string path, object defaults, object[] others)
    {
        RecipeKey[] keys = [.. RecipeSchema.Of(type).Keys];
        RecipeKey[] values = [.. keys.Where(key => !IsSection(key))];
        text.Append(CultureInfo.InvariantCulture, $"\n## {(path.Length == 0 ? "The recipe itself" : $"`{path}`")}\n");
        if (path.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"\n{WithoutName(XmlDocs.OfType(type), path)}\n");
        if (values.Length > 0)
            text.Append("\n| key | values | default | other presets | what it is |\n| --- | --- | --- | --- | --- |\n");
        foreach (RecipeKey key in values)
        {
            object? value = key.Property.GetValue(defaults);
            string differing = string.Join(", ", others.Zip(Presets.Names.Skip(1))
                .Select(other => (other.Second, Value: key.Property.GetValue(other.First)))
                .Where(other => key.Name != "preset" && !Equals(other.Value, value))
                .Select(other => $"`{other.Second}` {Show(other.Value)}"));
            string what = WithoutName(XmlDocs.OfProperty(type, key.Property.Name), key.Name);
            string standard = key.Name == "preset" || (key.IsRequired && value is "") ? "required" : Show(value);
            text.Append(CultureInfo.InvariantCulture,
                $"| `{key.Name}` | {Permitted(key)} | {standard} | {differing} | {Cell(what)} |\n");
        }
        foreach (Type members in values.Select(key => key.ValueType).Distinct())
        {
            (string Name, string Summary)[] named = [.. NamedValues(members)];
            if (named.Length > 0)
                text.Append('\n');
            foreach ((string name, string summary) in named)
                text.Append(CultureInfo.InvariantCulture, $"- `{name}`: {WithoutName(summary, name)}\n");
        }
        foreach (RecipeKey section in keys.Where(IsSection))
        {
            WriteSection(text, section.ValueType, path.Length == 0 ? section.Name : $"{path}.{section.Name}",
                section.Property.GetValue(defaults)!, [.. others.Select(other => section.Property.GetValue(other)!)]);
        }
    }

    private static bool IsSection(RecipeKey key) => key.ValueType.IsClass
        && key.ValueType != typeof(string) && key.ValueType != typeof(TrainingMethod) && key.ValueType != typeof(NamedWeights);

    // Only this library's methods: a program may have registered others.
    private static IEnumerable<(string Name, string Summary)> NamedValues(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(member => (RecipeSchema.NameOf((Enum)Enum.Parse(type, member)), XmlDocs.OfMember(type, member)))
        : type == typeof(TrainingMethod)
        ? type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == type)
            .OrderBy(property => property.MetadataToken)
            .Select(property => (((TrainingMethod)property.GetValue(null)!).Name, XmlDocs.OfProperty(type, property.Name)))
        : [];

    private static string Permitted(RecipeKey key)
    {
        string or = key.IsNullable ? " or `null`" : "";
        if (key.Name == "preset") // a text in the record; the binder compares it with these
            return string.Join(", ", Presets.Names.Select(name => $"`{name}`"));
        if (key.Allowed is { } allowed)
            return string.Join(", ", allowed.Values.Select(Show)) + or;
        string named = string.Join(", ", NamedValues(key.ValueType).Select(value => $"`{value.Name}`"));
        if (named.Length > 0)
            return named + or + (key.ValueType == typeof(TrainingMethod) ? ", or one that is registered" : "");
        string range = key.Range is { } limits ? $", {Show(limits.Minimum)} to {Show(limits.Maximum)}" : "";
        string kind = key.ValueType switch
        {
            var type when type == typeof(bool) => "`true`, `false`",
            var type when type == typeof(int) || type == typeof(ulong) => "a whole number" + range,
            var type when type == typeof(double) => "a number" + range,
            var type when type == typeof(NumberPair) => "two numbers" + range,
            var type when type == typeof(string) => "text",
            var type when type == typeof(NamedWeights) => "numbers by name" + range,
            var type => throw new NotSupportedException($"{key.Name} is of {type}, which the document cannot describe."),
        };
        return kind + or;
    }

    private static string Show(object? value) => value switch
    {
        null => "`null`",
        "" => "",
        bool flag => flag ? "`true`" : "`false`",
        Enum member => $"`{RecipeSchema.NameOf(member)}`",
        TrainingMethod method => $"`{method.Name}`",
        NamedWeights { IsEmpty: true } => "none",
        NumberPair pair => $"[{Show(pair.First)}, {Show(pair.Second)}]",
        int number => number.ToString("#,0", CultureInfo.InvariantCulture),
        double number => Math.Abs(number) >= 1000
            ? number.ToString("#,0.####", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e'),
        _ => $"{value}",
    };

    // In the code a summary begins with the key's own name, which stands in the first column here.
    private static string WithoutName(string summary, string name)
    {
        string rest = Regex.Replace(summary, $"^`{Regex.Escape(name)}`([:;.,] *)?", "").Trim();
        // Words begin with a capital letter; formulas and the paper's letters stay as they are.
        return Regex.IsMatch(rest, "^[a-z]+[ ,;:.-]") ? char.ToUpperInvariant(rest[0]) + rest[1..] : rest;
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
