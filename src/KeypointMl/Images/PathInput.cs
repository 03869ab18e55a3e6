using KeypointMl.Data;
using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>Paths of image files.</summary>
internal sealed class PathInput(
    ReadAheadValues<ReadOnlyMemory<char>> paths,
    ImageDecoderOptions options,
    string columnName,
    ModelContract contract,
    int capacity) : ImageInput(columnName, contract, capacity)
{
    public override bool NeedsDecoding => true;

    public override void Decode(int slot, Span<byte> destination)
    {
        if (paths[slot].IsEmpty)
            throw new InvalidDataException("the path is empty. Fill the column, or filter such rows out.");
        RgbImage image = ImageDecoder.Decode(paths[slot].ToString(), options);
        Crop(slot, image.Pixels, image.Width, image.Height, destination);
    }
}
