namespace KeypointMl.Training;

/// <summary>Marks a key that says where a run is computed and not what: it is written into the run, and left out where recipes are compared.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RecipePlaceAttribute : Attribute;
