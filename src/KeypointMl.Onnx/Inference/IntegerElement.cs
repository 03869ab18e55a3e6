namespace KeypointMl.Onnx;

/// <summary>One element of a list of integers: a number, a named size that a shape brought in, or (both null) unknown.</summary>
/// <param name="Number">The number.</param>
/// <param name="Symbol">The name of a size.</param>
internal readonly record struct IntegerElement(long? Number, string? Symbol)
{
    /// <summary>The element that a dimension becomes when a shape is read.</summary>
    public static IntegerElement From(OnnxDimension dimension) => new(dimension.Value, dimension.Symbol);

    /// <summary>The dimension that it becomes when it is used as a shape.</summary>
    /// <exception cref="ShapeConflictException">The number is negative.</exception>
    public OnnxDimension ToDimension() => Number is { } number
        ? number >= 0 ? number : throw new ShapeConflictException($"a size is {number}; expected 0 or more")
        : Symbol is { } symbol ? symbol : OnnxDimension.Unknown;
}
