using Microsoft.ML;

namespace KeypointMl;

/// <summary>What the estimators do with the shape of a schema.</summary>
internal static class SchemaShapeExtensions
{
    /// <summary>The shape with a column added, or put in the place of one of that name.</summary>
    public static SchemaShape With(this SchemaShape shape, SchemaShape.Column added) => new(shape.Where(column => column.Name != added.Name).Append(added));
}
