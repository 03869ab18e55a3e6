using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Poses.Geometry;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>Turns a box of an image in memory into the graph's image.</summary>
internal static class MlImageCrop
{
    /// <summary>Converts, crops and resizes; an image that has the graph's size already is only converted.</summary>
    public static void Crop(MLImage image, Box box, Span<byte> destination, ModelContract contract)
    {
        (int width, int height) = (image.Width, image.Height);
        if (width == contract.Width && height == contract.Height && box == Box.WholeImage(width, height))
        {
            MlImagePixels.CopyRgb(image, destination);
            return;
        }
        using var memory = ImageMemory.Of(checked(width * height * 3));
        MlImagePixels.CopyRgb(image, memory.Span);
        ImageCropper.Crop(memory.Span, width, height, box, destination, contract.Width, contract.Height);
    }
}
