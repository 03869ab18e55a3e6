using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>
/// Gives the caller the images that it would get without reading ahead. Who owns an image depends on the column's
/// getter. A view over a caller's objects returns those objects. ML.NET's loader returns new images, and disposes of
/// each when it is asked for the next one into the same variable. All rows go through one variable, and this class
/// disposes of none of them. Images of the first kind are passed on as they are. Images of the second kind no longer
/// exist when the caller asks for them, so it gets copies, which are disposed of in the same way.
/// </summary>
internal sealed class ReadAheadImages(DataViewRow row, DataViewSchema.Column column, int capacity) : ReadAheadColumn<MLImage>
{
    private readonly ValueGetter<MLImage> getter = row.GetGetter<MLImage>(column);
    private readonly MLImage?[] originals = new MLImage?[capacity];
    private readonly Copy[] copies = new Copy[capacity];
    private readonly bool?[] disposes = new bool?[capacity];
    private MLImage? current;

    // Null until a second row shows what the getter does with the first one's image.
    private bool? getterDisposes;

    /// <summary>Whether <see cref="CopyTo"/> will be called.</summary>
    public bool IsPassedOn { get; set; }

    /// <summary>The image of the row that was filled last; null where the row has none.</summary>
    public MLImage? Current => current;

    public override void Fill(int slot)
    {
        originals[slot] = null;
        copies[slot].Take(null);
        MLImage? previous = current;
        getter(ref current!);
        if (!IsPassedOn)
            return;
        if (getterDisposes is null && previous is not null)
            getterDisposes = IsDisposed(previous);
        originals[slot] = current;
        if (getterDisposes != false)
            copies[slot].Take(current);
    }

    /// <summary>Settles, for a row that was filled, whether the caller gets the object or a copy.</summary>
    public void Seal(int slot)
    {
        disposes[slot] = getterDisposes;
        // What is given as a copy need not be kept from the collector.
        if (getterDisposes != false)
            originals[slot] = null;
    }

    public override void CopyTo(int slot, ref MLImage value)
    {
        if (disposes[slot] == false)
        {
            value = originals[slot]!;
            return;
        }
        if (disposes[slot] == true)
            value?.Dispose();
        value = copies[slot].ToImage()!;
    }

    private static bool IsDisposed(MLImage image)
    {
        try
        {
            _ = image.Width;
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private struct Copy
    {
        private byte[]? pixels;
        private int length;
        private int width;
        private int height;
        private MLPixelFormat format;
        private string? tag;

        public void Take(MLImage? image)
        {
            length = 0;
            if (image is null)
                return;
            ReadOnlySpan<byte> source = MlImagePixels.PixelsOf(image);
            if (pixels is null || pixels.Length < source.Length)
                pixels = GC.AllocateUninitializedArray<byte>(source.Length);
            source.CopyTo(pixels);
            (length, width, height, format, tag) = (source.Length, image.Width, image.Height, image.PixelFormat, image.Tag);
        }

        public readonly MLImage? ToImage()
        {
            if (length == 0)
                return null;
            MLImage image = MLImage.CreateFromPixels(width, height, format, pixels.AsSpan(0, length));
            image.Tag = tag;
            return image;
        }
    }
}
