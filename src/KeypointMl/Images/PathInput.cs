using System.Runtime.InteropServices;
using KeypointMl.Data;

namespace KeypointMl;

/// <summary>Paths of image files.</summary>
internal sealed class PathInput(ImageInputParts parts, ReadAheadValues<ReadOnlyMemory<char>> paths, ImageDecoderOptions options) : ImageInput(parts)
{
    public override bool NeedsDecoding => true;

    public override void Decode(int slot, Span<byte> destination)
    {
        ReadOnlyMemory<char> path = paths[slot];
        if (path.IsEmpty)
            throw new InvalidDataException("the path is empty. Fill the column, or filter such rows out.");
        // Text that comes from an object's string is that string, and need not be copied.
        string text = MemoryMarshal.TryGetString(path, out string? whole, out _, out int length) && length == whole.Length ? whole : path.ToString();
        using var image = EncodedImage.Open(text, options);
        image.Crop(ChooseBox(slot, image.Width, image.Height), destination, Contract.Width, Contract.Height);
    }
}
