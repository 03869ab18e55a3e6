using KeypointMl.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl;

/// <summary>Columns of images that are made here, row by row.</summary>
internal static class RowImages
{
    /// <summary>Describes a column of images.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">The size of all of them, where it is known.</param>
    public static DataViewSchema.DetachedColumn Column(string name, (int Width, int Height)? size)
    {
        // ML.NET reads a column into objects only if its very type, with the size, was registered.
        (DataViewType type, DataViewTypeAttribute attribute) = size is (int width, int height)
            ? (new ImageDataViewType(height, width), new ImageTypeAttribute(height, width))
            : (new ImageDataViewType(), (DataViewTypeAttribute)new AnyImageAttribute());
        attribute.Register();
        return new(name, type);
    }

    /// <summary>
    /// A getter that follows the rule of ML.NET's own image loader: whoever asks for an image owns it, and the image that is in the variable given is disposed of, as the
    /// caller asks for the next one. Every getter makes images of its own.
    /// </summary>
    /// <param name="row">The row, for messages.</param>
    /// <param name="column">The column that is made, for messages.</param>
    /// <param name="onError">What happens at a row of which no image can be made.</param>
    /// <param name="make">Makes the current row's image.</param>
    public static ValueGetter<MLImage> Getter(DataViewRow row, string column, KeypointErrorPolicy onError, Func<RgbImage> make) => (ref MLImage value) =>
    {
        value?.Dispose();
        value = null!;
        try
        {
            value = MlImagePixels.ToMlImage(make());
        }
        catch (Exception e) when (ImageInput.IsAboutTheRow(e))
        {
            if (onError == KeypointErrorPolicy.Throw)
                throw RowFault.Explain(e, row.Position, column);
        }
    };
}
