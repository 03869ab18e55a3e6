namespace KeypointMl;

/// <summary>Images in memory: their pixels are converted and cropped at once, as the image may be gone when the next row is read.</summary>
internal sealed class MlImageInput(ImageInputParts parts, ReadAheadImages images) : ImageInput(parts)
{
    public override bool NeedsDecoding => false;

    protected override void Take(int slot, Span<byte> destination)
    {
        if (images.Current is not { } image)
            throw new InvalidDataException("there is no image (null). Fill the column, or filter such rows out.");
        MlImageCrop.Crop(image, ChooseBox(slot, image.Width, image.Height), destination, Contract);
    }
}
