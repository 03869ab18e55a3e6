using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Poses.Geometry;
using KeypointMl.Rows;
using Microsoft.ML.Data;

namespace KeypointMl.Serving;

/// <summary>An image that somebody wants the keypoints of.</summary>
internal abstract class PredictionSource
{
    /// <summary>Makes the graph's image of the box, or of the whole image.</summary>
    /// <returns>The part of the image that was looked at.</returns>
    /// <exception cref="InvalidDataException">The image or the box cannot be used.</exception>
    public abstract Box Crop(Box? box, Span<byte> destination, ModelContract contract);

    private static Box Choose(Box? asked, int width, int height)
    {
        Box box = asked ?? Box.WholeImage(width, height);
        return BoxFaults.Find(box, width, height) is { } fault
            ? throw new InvalidDataException($"{BoxFaults.Describe(box)} {fault}. Give another, or none for the whole image.")
            : box;
    }

    private static Box Crop(EncodedImage image, DecodeLimits limits, Box? asked, Span<byte> destination, ModelContract contract)
    {
        Box box = Choose(asked, image.Width, image.Height);
        using PixelBudget.Lease room = limits.Pixels.Take((long)image.Width * image.Height);
        image.Crop(box, destination, contract.Width, contract.Height);
        return box;
    }

    internal sealed class OfFile(string path, DecodeLimits limits) : PredictionSource
    {
        public override Box Crop(Box? box, Span<byte> destination, ModelContract contract)
        {
            if (new FileInfo(path) is { Exists: true } file)
                limits.Check(file.Length, $"The image {path}");
            using var image = EncodedImage.Open(path, limits.Decoder);
            return Crop(image, limits, box, destination, contract);
        }
    }

    internal sealed class OfBytes(ReadOnlyMemory<byte> encoded, DecodeLimits limits) : PredictionSource
    {
        public override Box Crop(Box? box, Span<byte> destination, ModelContract contract)
        {
            limits.Check(encoded.Length, "The image of the request");
            using var image = EncodedImage.Open(encoded.Span, "of the request", limits.Decoder);
            return Crop(image, limits, box, destination, contract);
        }
    }

    internal sealed class OfPixels(RgbImage image) : PredictionSource
    {
        public override Box Crop(Box? asked, Span<byte> destination, ModelContract contract)
        {
            Box box = Choose(asked, image.Width, image.Height);
            ImageCropper.Crop(image.Pixels, image.Width, image.Height, box, destination, contract.Width, contract.Height);
            return box;
        }
    }

    internal sealed class OfMlImage(MLImage image) : PredictionSource
    {
        public override Box Crop(Box? asked, Span<byte> destination, ModelContract contract)
        {
            Box box = Choose(asked, image.Width, image.Height);
            MlImageCrop.Crop(image, box, destination, contract);
            return box;
        }
    }
}
