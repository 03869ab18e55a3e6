using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Recipes;

/// <summary>The keys of one section of a recipe, read off the record's properties: what may be written is what the code has.</summary>
internal sealed class RecipeSchema
{
    private static readonly ConcurrentDictionary<Type, RecipeSchema> Cache = new();

    private RecipeSchema(Type type) => Keys =
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<RecipeIgnoreAttribute>() is null)
            .OrderBy(property => property.MetadataToken)
            .Select(property => new RecipeKey(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), property))];

    /// <summary>The keys in the order of declaration.</summary>
    public ImmutableArray<RecipeKey> Keys { get; }

    /// <summary>The schema of a section's record.</summary>
    public static RecipeSchema Of(Type type) => Cache.GetOrAdd(type, static type => new RecipeSchema(type));

    /// <summary>An enum member as a recipe writes it: <c>PyramidL2</c> → <c>pyramid-l2</c>.</summary>
    public static string NameOf(Enum member) => NameOf(member.ToString());

    /// <summary>The members of an enum as a recipe writes them.</summary>
    public static ImmutableArray<string> NamesOf(Type type) => [.. Enum.GetNames(type).Select(NameOf)];

    private static string NameOf(
        string member) => string.Concat(
            member.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}

/// <summary>One key of a section.</summary>
/// <param name="Name">In <c>snake_case</c>.</param>
/// <param name="Property">Where its value goes.</param>
internal sealed record RecipeKey(string Name, PropertyInfo Property)
{
    /// <summary>The type of a given value; for <c>int?</c> that is <c>int</c>.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Whether it says where a run is computed and not what.</summary>
    public bool IsPlace => Property.GetCustomAttribute<RecipePlaceAttribute>() is not null;

    /// <summary>Whether <c>null</c> may be written.</summary>
    public bool IsNullable => Nullable.GetUnderlyingType(Property.PropertyType) is not null
        || (Property.PropertyType == typeof(string)
            && new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable);

    /// <summary>Whether it must be written and not be empty.</summary>
    public bool IsRequired => Property.GetCustomAttribute<RequiredAttribute>() is not null;

    /// <summary>The permitted range of a number, or null.</summary>
    public RangeAttribute? Range => Property.GetCustomAttribute<RangeAttribute>();

    /// <summary>The permitted values, or null.</summary>
    public AllowedValuesAttribute? Allowed => Property.GetCustomAttribute<AllowedValuesAttribute>();
}
