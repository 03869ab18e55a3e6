namespace KeypointMl.Training;

/// <summary>Marks a property of a recipe section that is derived from others and is no key of the YAML.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RecipeIgnoreAttribute : Attribute;
