using System.Numerics;

namespace KeypointMl.Poses.Geometry;

/// <summary>
/// An axis-aligned box of pixels. <c>(X,Y)</c> is the centre of the box's top-left pixel, so an integer box
/// <c>(10,20,5,5)</c> covers pixels 10…14 × 20…24 completely. Unit: pixels; x right, y down; (0,0) is the centre of the
/// image's top-left pixel.
/// </summary>
/// <param name="X">Centre of the leftmost covered pixel column.</param>
/// <param name="Y">Centre of the topmost covered pixel row.</param>
/// <param name="Width">Number of pixel columns, may be fractional; greater than zero.</param>
/// <param name="Height">Number of pixel rows, may be fractional; greater than zero.</param>
public readonly record struct Box(float X, float Y, float Width, float Height)
{
    /// <summary>The box that covers a whole image.</summary>
    public static Box WholeImage(int width, int height) => new(0, 0, width, height);

    /// <summary>
    /// Whether some of the box lies in an image of the given size. A tracker's box may reach over the edge; one with
    /// nothing of the image in it is a mistake.
    /// </summary>
    public bool Overlaps(int imageWidth, int imageHeight) => X < imageWidth && Y < imageHeight && X + Width > 0 && Y + Height > 0;

    /// <summary>The same part of an image that was resized as a whole by a factor along both sides (pixel areas correspond).</summary>
    /// <param name="factor">Pixels of the resized image for each pixel of the image; greater than 0.</param>
    public Box ScaledBy(float factor) => new(X * factor, Y * factor, Width * factor, Height * factor);

    /// <summary>
    /// Maps a point from the frame to a crop of this box resized to
    /// <paramref name="cropWidth"/>×<paramref name="cropHeight"/> (pixel areas correspond, as in the half-pixel
    /// convention of resizing): u = (x − X + ½)·w/Width − ½.
    /// </summary>
    public Vector2 ToCrop(Vector2 framePoint, int cropWidth, int cropHeight) => new(
        (framePoint.X - X + 0.5f) * cropWidth / Width - 0.5f,
        (framePoint.Y - Y + 0.5f) * cropHeight / Height - 0.5f);

    /// <summary>The inverse of <see cref="ToCrop"/>: from the resized crop back to the frame.</summary>
    public Vector2 FromCrop(Vector2 cropPoint, int cropWidth, int cropHeight) => new(
        (cropPoint.X + 0.5f) * Width / cropWidth - 0.5f + X,
        (cropPoint.Y + 0.5f) * Height / cropHeight - 0.5f + Y);
}
