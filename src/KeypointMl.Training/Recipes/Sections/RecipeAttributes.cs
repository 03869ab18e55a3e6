namespace KeypointMl.Training.Recipes.Sections;

/// <summary>Marks a property of a recipe section that is derived from others and is no key of the YAML.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RecipeIgnoreAttribute : Attribute;

/// <summary>
/// Marks a key that says where a run is computed and not what: it is written into the run, and left out where recipes
/// are compared.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RecipePlaceAttribute : Attribute;
