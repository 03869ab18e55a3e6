using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>Images in memory: their pixels are converted and cropped at once, as the image may be gone when the next row is read.</summary>
internal sealed class MlImageInput(ReadAheadImages images, string columnName, ModelContract contract, int capacity) : ImageInput(columnName, contract, capacity)
{
    private byte[] rgb = [];

    public override bool NeedsDecoding => false;

    public override void Take(int slot, Span<byte> destination)
    {
        if (images.Current is not { } image)
            throw new InvalidDataException("there is no image (null). Fill the column, or filter such rows out.");
        int length = checked(image.Width * image.Height * 3);
        if (rgb.Length < length)
            rgb = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> pixels = rgb.AsSpan(0, length);
        MlImagePixels.CopyRgb(image, pixels);
        Crop(slot, pixels, image.Width, image.Height, destination);
    }
}
