using System.Numerics;

namespace KeypointMl.Poses.Geometry;

/// <summary>
/// The one place that converts between pixels (outside the networks: 0 is the centre of the first pixel) and the
/// networks' coordinates (−1 and +1 are the centres of the first and the last pixel).
/// </summary>
public static class NormalizedCoordinates
{
    /// <summary>Pixel → [−1,1]: 2·pixel/(size−1) − 1.</summary>
    public static float FromPixel(float pixel, int size) => 2 * pixel / (size - 1) - 1;

    /// <summary>[−1,1] → pixel: (value+1)·(size−1)/2.</summary>
    public static float ToPixel(float value, int size) => (value + 1) * (size - 1) / 2;

    /// <summary>Pixel → [−1,1] for both axes.</summary>
    public static Vector2 FromPixel(Vector2 pixel, int width, int height) => new(FromPixel(pixel.X, width), FromPixel(pixel.Y, height));

    /// <summary>[−1,1] → pixel for both axes.</summary>
    public static Vector2 ToPixel(Vector2 value, int width, int height) => new(ToPixel(value.X, width), ToPixel(value.Y, height));
}
