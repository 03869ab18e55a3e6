using KeypointMl.Imaging.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Rows;

/// <summary>Columns of images that are made here, row by row.</summary>
internal static class RowImages
{
    /// <summary>Describes a column of images.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">The size of all of them, where it is known.</param>
    public static DataViewSchema.DetachedColumn Column(string name, (int Width, int Height)? size) => new(name, Type(size));

    /// <summary>The type of images, of one size or of any.</summary>
    public static ImageDataViewType Type((int Width, int Height)? size)
    {
        // ML.NET reads a column into objects only if its very type, with the size, was registered.
        (ImageDataViewType type, DataViewTypeAttribute attribute) = size is (int width, int height)
            ? (new ImageDataViewType(height, width), new ImageTypeAttribute(height, width))
            : (new ImageDataViewType(), (DataViewTypeAttribute)new AnyImageAttribute());
        attribute.Register();
        return type;
    }

    /// <summary>
    /// A getter that follows the rule of ML.NET's own image loader: whoever asks for an image owns it, and the image
    /// that is in the variable given is disposed of, as the caller asks for the next one. Every getter makes images of
    /// its own.
    /// </summary>
    /// <param name="make">Makes the current row's image; null for none.</param>
    public static ValueGetter<MLImage> Getter(Func<RgbImage?> make) => (ref MLImage value) =>
    {
        value?.Dispose();
        value = null!;
        if (make() is { } image)
            value = MlImagePixels.ToMlImage(image);
    };

    /// <inheritdoc cref="Getter(Func{RgbImage})"/>
    /// <param name="row">The row, for messages.</param>
    /// <param name="column">The column that is made, for messages.</param>
    /// <param name="onError">What happens at a row of which no image can be made.</param>
    /// <param name="make">Makes the current row's image.</param>
    public static ValueGetter<MLImage> Getter(
        DataViewRow row, string column, KeypointErrorPolicy onError, Func<RgbImage> make) => Getter(() =>
    {
        try
        {
            return make();
        }
        catch (Exception e) when (RowImageInput.IsAboutTheRow(e))
        {
            return onError == KeypointErrorPolicy.MarkRow ? null : throw RowFault.Explain(e, row.Position, column);
        }
    });
}

/// <summary>
/// Marks a property of type <see cref="MLImage"/> of a row class as an image of any size: it reads every column of
/// images that KeypointMl's transforms and loaders make. (The parameterless <see cref="ImageTypeAttribute"/> of ML.NET
/// 5.0.1 means the same and throws.)
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
