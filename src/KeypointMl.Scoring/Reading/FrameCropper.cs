using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Reading;

/// <summary>Cuts boxes out of frames to the detector's size, and says why where it cannot.</summary>
/// <param name="detector">Whose size.</param>
/// <param name="boxes">Where the subjects are; null: each frame as a whole.</param>
/// <param name="keepPictures">Whether the whole frames are wanted too.</param>
internal sealed class FrameCropper(KeypointDetector detector, BoxTable? boxes, bool keepPictures)
{
    /// <summary>Decodes a still image with its crops.</summary>
    public InputFrame ReadStill(InputFile input)
    {
        try
        {
            using var image = EncodedImage.Open(input.Path);
            IReadOnlyList<TrackedBox> tracked = boxes?.Of(input.Name, 0) ?? [];
            Box[] wanted = tracked.Count == 0 ? [Box.WholeImage(image.Width, image.Height)] : [.. tracked.Select(item => item.Box)];
            return new InputFrame
            {
                Source = input.Name,
                Frame = 0,
                Width = image.Width,
                Height = image.Height,
                Crops = [.. wanted.Select(box => Crop(image, box))],
                Image = keepPictures ? image.Decode() : null,
            };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new InputFrame { Source = input.Name, Frame = 0, Error = e.Message };
        }
    }

    /// <summary>Brings the frame's box of that number into the detector's memory.</summary>
    /// <returns>Why not; null where it did.</returns>
    public string? TryCopy(in InputFrame frame, int number, Box box, Span<byte> destination)
    {
        if (frame.Crops is { } crops)
        {
            crops[number].Pixels?.CopyTo(destination);
            return crops[number].Error;
        }
        try
        {
            RgbImage image = frame.Image!;
            ImageCropper.Crop(image.Pixels, image.Width, image.Height, box, destination, detector.Width, detector.Height);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private FrameCrop Crop(EncodedImage image, Box box)
    {
        byte[] pixels = new byte[detector.Contract.ImageBytes];
        try
        {
            image.Crop(box, pixels, detector.Width, detector.Height);
            return new FrameCrop(pixels, null);
        }
        catch (ArgumentException e)
        {
            return new FrameCrop(null, e.Message);
        }
    }
}

/// <summary>A box of a frame as the detector sees it, or why it cannot be cut out.</summary>
/// <param name="Pixels">[H,W,3] bytes, RGB; null where it failed.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
internal readonly record struct FrameCrop(byte[]? Pixels, string? Error);
