using KeypointMl.Data;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>The bytes of image files.</summary>
internal sealed class EncodedInput(ImageInputParts parts, ReadAheadVectors<byte> encoded, ImageDecoderOptions options) : ImageInput(parts)
{
    public override bool NeedsDecoding => true;

    public override void Decode(int slot, Span<byte> destination)
    {
        ref readonly VBuffer<byte> bytes = ref encoded[slot];
        // A vector may come sparse: without its zeros.
        ReadOnlySpan<byte> dense = bytes.IsDense ? bytes.GetValues() : bytes.DenseValues().ToArray();
        using var image = EncodedImage.Open(dense, "in a vector of bytes", options);
        image.Crop(ChooseBox(slot, image.Width, image.Height), destination, Contract.Width, Contract.Height);
    }
}
