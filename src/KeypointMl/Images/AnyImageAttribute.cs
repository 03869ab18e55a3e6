using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl;

/// <summary>
/// Marks a property of type <see cref="MLImage"/> of a row class as an image of any size: it reads every column of images that KeypointMl's transforms and loaders make.
/// (The parameterless <see cref="ImageTypeAttribute"/> of ML.NET 5.0.1 means the same and throws.)
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class AnyImageAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is AnyImageAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AnyImageAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(AnyImageAttribute).GetHashCode();
}
