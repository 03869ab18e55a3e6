using System.Buffers;
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
        int length = checked(width * height * 3);
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Span<byte> rgb = rented.AsSpan(0, length);
            MlImagePixels.CopyRgb(image, rgb);
            ImageCropper.Crop(rgb, width, height, box, destination, contract.Width, contract.Height);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
