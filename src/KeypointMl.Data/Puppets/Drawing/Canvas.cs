using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>An RGB image of floats in [0,1], row-major, that shapes are painted onto with antialiased edges.</summary>
internal readonly ref struct Canvas(Span<float> pixels, int width, int height)
{
    public Span<float> Pixels { get; } = pixels;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Paints over what is there.</summary>
    public void Paint<TShape>(in TShape shape)
        where TShape : struct, IShape
    {
        float softness = shape.Softness;
        int left = Math.Max(0, (int)MathF.Floor(shape.Low.X - softness));
        int right = Math.Min(Width - 1, (int)MathF.Ceiling(shape.High.X + softness));
        int top = Math.Max(0, (int)MathF.Floor(shape.Low.Y - softness));
        int bottom = Math.Min(Height - 1, (int)MathF.Ceiling(shape.High.Y + softness));
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                var point = new Vector2(x, y);
                float coverage = Math.Clamp(0.5f - shape.SignedDistance(point) / softness, 0, 1);
                if (coverage == 0)
                    continue;
                Vector4 colour = shape.Colour(point);
                float opacity = coverage * colour.W;
                Span<float> pixel = Pixels.Slice((y * Width + x) * 3, 3);
                pixel[0] += opacity * (colour.X - pixel[0]);
                pixel[1] += opacity * (colour.Y - pixel[1]);
                pixel[2] += opacity * (colour.Z - pixel[2]);
            }
        }
    }

    /// <summary>Rounds to bytes, interleaved RGB.</summary>
    public void ToBytes(Span<byte> destination)
    {
        for (int i = 0; i < Pixels.Length; i++)
            destination[i] = (byte)(Math.Clamp(Pixels[i], 0, 1) * 255 + 0.5f);
    }
}
