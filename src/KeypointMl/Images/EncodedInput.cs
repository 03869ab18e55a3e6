using KeypointMl.Data;
using KeypointMl.Inference;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>The bytes of image files.</summary>
internal sealed class EncodedInput(ReadAheadVectors<byte> encoded, ImageDecoderOptions options, string columnName, ModelContract contract, int capacity)
    : ImageInput(columnName, contract, capacity)
{
    public override bool NeedsDecoding => true;

    public override void Decode(int slot, Span<byte> destination)
    {
        ref readonly VBuffer<byte> bytes = ref encoded[slot];
        // A vector may come sparse: without its zeros.
        ReadOnlySpan<byte> dense = bytes.IsDense ? bytes.GetValues() : bytes.DenseValues().ToArray();
        RgbImage image = ImageDecoder.Decode(dense, "in a vector of bytes", options);
        Crop(slot, image.Pixels, image.Width, image.Height, destination);
    }
}
