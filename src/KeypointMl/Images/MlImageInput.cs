using KeypointMl.Data;
using KeypointMl.Poses;

namespace KeypointMl;

/// <summary>Images in memory: their pixels are converted and cropped at once, as the image may be gone when the next row is read.</summary>
internal sealed class MlImageInput(ImageInputParts parts, ReadAheadImages images) : ImageInput(parts)
{
    private byte[] rgb = [];

    public override bool NeedsDecoding => false;

    protected override void Take(int slot, Span<byte> destination)
    {
        if (images.Current is not { } image)
            throw new InvalidDataException("there is no image (null). Fill the column, or filter such rows out.");
        (int width, int height) = (image.Width, image.Height);
        Box box = ChooseBox(slot, width, height);
        if (box == Poses.Box.WholeImage(Contract.Width, Contract.Height) && width == Contract.Width && height == Contract.Height)
        {
            MlImagePixels.CopyRgb(image, destination);
            return;
        }
        int length = checked(width * height * 3);
        if (rgb.Length < length)
            rgb = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> pixels = rgb.AsSpan(0, length);
        MlImagePixels.CopyRgb(image, pixels);
        ImageCropper.Crop(pixels, width, height, box, destination, Contract.Width, Contract.Height);
    }
}
