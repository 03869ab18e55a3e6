using System.Globalization;
using KeypointMl.Data;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Recipes;

/// <summary>A merged tree → records, collecting every problem instead of stopping at the first.</summary>
internal sealed class RecipeBinder(List<RecipeProblem> problems)
{
    /// <summary>
    /// Fills a record of <paramref name="type"/>; where there are problems, the values concerned are left at their
    /// defaults.
    /// </summary>
    /// <param name="type">A section's record.</param>
    /// <param name="map">Its keys.</param>
    /// <param name="path">The section's own key with a dot, or nothing.</param>
    public object Bind(Type type, RecipeMap map, string path = "")
    {
        object section = Activator.CreateInstance(type)!;
        RecipeSchema schema = RecipeSchema.Of(type);
        foreach (RecipeEntry entry in map.Entries)
        {
            RecipeKey? key = schema.Keys.FirstOrDefault(key => key.Name == entry.Key);
            if (key is null)
                problems.Add(new RecipeProblem(entry.KeyWhere, path + entry.Key, Unknown(entry.Key, schema, path)));
            else if (Convert(key, entry, path + entry.Key) is { } value)
                key.Property.SetValue(section, value);
            else if (key.IsNullable)
                key.Property.SetValue(section, null);
        }
        return section;
    }

    private static string Unknown(string name, RecipeSchema schema, string path)
    {
        string owner = path.Length == 0 ? "a recipe" : $"'{path.TrimEnd('.')}'";
        string[] known = [.. schema.Keys.Select(key => key.Name)];
        return $"is not a key of {owner}.{NearestWord.Hint(name, known)} Its keys are: {string.Join(", ", known)}.";
    }

    private object? Convert(RecipeKey key, RecipeEntry entry, string path)
    {
        Type type = key.ValueType;
        if (entry.Value is RecipeScalar { IsNull: true } && key.IsNullable)
            return null;
        if (type == typeof(NamedWeights))
            return BindWeights(key, entry.Value, path);
        if (type.IsClass && type != typeof(string) && type != typeof(TrainingMethod))
        {
            return entry.Value is RecipeMap map
                ? Bind(type, map, path + ".")
                : Wrong(entry.Value, path, "a group of keys (indented under it)");
        }
        if (type == typeof(NumberPair))
            return BindPair(key, entry.Value, path);
        if (entry.Value is not RecipeScalar scalar)
            return Wrong(entry.Value, path, Expected(type));
        return ConvertScalar(key, type, scalar, path);
    }

    private object? ConvertScalar(RecipeKey key, Type type, RecipeScalar scalar, string path)
    {
        if (type == typeof(string))
        {
            if (scalar.IsNull || (key.IsRequired && string.IsNullOrWhiteSpace(scalar.Text)))
                return Problem(scalar.Where, path, key.IsRequired ? "is missing; every recipe must give it." : "has no value.");
            return scalar.Text;
        }
        object? value = scalar.Quoted ? null : ParsePlain(type, scalar.Text);
        if (value is null)
            return Wrong(scalar, path, Expected(type));
        if (key.Allowed is { } allowed && !allowed.Values.Contains(value))
            return Problem(scalar.Where, path, $"is {scalar.Text}; expected one of {string.Join(", ", allowed.Values)}.");
        return InRange(key, value, scalar, path) ? value : null;
    }

    private static object? ParsePlain(Type type, string text)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        if (type == typeof(bool))
            return text switch { "true" => true, "false" => false, _ => null };
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out int number) ? number : null;
        if (type == typeof(ulong))
            return ulong.TryParse(text, NumberStyles.None, invariant, out ulong seed) ? seed : null;
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, invariant, out double real) && double.IsFinite(real) ? real : null;
        if (type == typeof(TrainingMethod))
            return TrainingMethod.Find(text);
        int member = RecipeSchema.NamesOf(type).IndexOf(text);
        return member < 0 ? null : Enum.GetValues(type).GetValue(member);
    }

    private bool InRange(RecipeKey key, object value, RecipeNode node, string path)
    {
        if (key.Range is not { } range)
            return true;
        double number = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (number >= System.Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture)
            && number <= System.Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture))
            return true;
        Problem(node.Where, path, string.Create(CultureInfo.InvariantCulture, $"is {value}; expected {range.Minimum} to {range.Maximum}."));
        return false;
    }

    private object? BindPair(RecipeKey key, RecipeNode node, string path)
    {
        double?[] numbers = node is RecipeList list
            ? [.. list.Items.Select(item => item is RecipeScalar { Quoted: false } scalar
                ? (double?)ParsePlain(typeof(double), scalar.Text)
                : null)]
            : [];
        if (numbers is not [{ } first, { } second])
            return Wrong(node, path, "two numbers, as in [0.5, 0.999]");
        return InRange(key, first, node, path) & InRange(key, second, node, path) ? new NumberPair(first, second) : null;
    }

    private object? BindWeights(RecipeKey key, RecipeNode node, string path)
    {
        if (node is not RecipeMap map)
            return Wrong(node, path, "names with weights, as in {bone_length: 0.5}");
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (RecipeEntry entry in map.Entries)
        {
            string name = $"{path}.{entry.Key}";
            if (entry.Value is not RecipeScalar { Quoted: false } scalar || ParsePlain(typeof(double), scalar.Text) is not double weight)
                Wrong(entry.Value, name, Expected(typeof(double)));
            else if (InRange(key, weight, scalar, name))
                weights[entry.Key] = weight;
        }
        return new NamedWeights(weights);
    }

    private static string Expected(Type type)
    {
        if (type.IsEnum)
            return $"one of {string.Join(", ", RecipeSchema.NamesOf(type))}";
        return type == typeof(TrainingMethod) ? $"one of {string.Join(", ", TrainingMethod.Names)}"
            : type == typeof(bool) ? "true or false"
            : type == typeof(int) ? "a whole number"
            : type == typeof(ulong) ? "a whole number that is not negative"
            : type == typeof(double) ? "a finite number"
            : "text";
    }

    private object? Wrong(RecipeNode node, string path, string expected) =>
        Problem(node.Where, path, $"is {node.Describe()}; expected {expected}.");

    private object? Problem(string where, string path, string message)
    {
        problems.Add(new RecipeProblem(where, path, message));
        return null;
    }
}
