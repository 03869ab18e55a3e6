using System.Numerics;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// The middle of a subject's body. Legs, tails and antennae, which reach out and move, are taken off by a morphological opening
/// with a quarter of the radius of a disc of the same
/// area; of the rest, it is the middle between the 5th and the 95th percentile along the main axis, and the mean across it.
/// </summary>
internal static class BodyCentre
{
    // Chamfer distances: 3 along rows and columns, 4 along diagonals, in thirds of a pixel.
    private const int Step = 3;
    private const int Diagonal = 4;
    private const int Far = 1 << 20;
    private const float OpeningRadius = 0.25f;

    internal static Vector2 Of(Blob blob)
    {
        (int left, int top, int right, int bottom) = blob.Bounds;
        (int width, int height) = (right - left + 3, bottom - top + 3);
        int[] distances = new int[width * height];
        for (int i = 0; i < blob.Area; i++)
            distances[(blob.Y[i] - top + 1) * width + blob.X[i] - left + 1] = Far;
        int radius = (int)MathF.Round(Step * OpeningRadius * MathF.Sqrt(blob.Area / MathF.PI));
        Transform(distances, width, height);
        for (int i = 0; i < distances.Length; i++)
            distances[i] = distances[i] > radius ? 0 : Far;
        Transform(distances, width, height);
        var x = new List<short>(blob.Area);
        var y = new List<short>(blob.Area);
        for (int i = 0; i < blob.Area; i++)
        {
            if (distances[(blob.Y[i] - top + 1) * width + blob.X[i] - left + 1] > radius)
                continue;
            x.Add(blob.X[i]);
            y.Add(blob.Y[i]);
        }
        return x.Count > 0 ? Middle([.. x], [.. y]) : Middle(blob.X, blob.Y);
    }

    private static Vector2 Middle(short[] x, short[] y)
    {
        Ellipse shape = Ellipse.Of(x, y);
        Vector2 axis = shape.MainAxis;
        float[] along = new float[x.Length];
        for (int i = 0; i < along.Length; i++)
            along[i] = Vector2.Dot(new Vector2(x[i], y[i]) - shape.Mean, axis);
        Array.Sort(along);
        int tail = along.Length / 20;
        return shape.Mean + axis * ((along[tail] + along[^(tail + 1)]) / 2);
    }

    // Each pixel's distance to the nearest zero (Borgefors, 1986). The rim is not looked at beyond.
    private static void Transform(int[] d, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int i = y * width + x;
                int best = d[i];
                if (x > 0)
                    best = Math.Min(best, d[i - 1] + Step);
                if (y > 0)
                {
                    best = Math.Min(best, d[i - width] + Step);
                    if (x > 0)
                        best = Math.Min(best, d[i - width - 1] + Diagonal);
                    if (x < width - 1)
                        best = Math.Min(best, d[i - width + 1] + Diagonal);
                }
                d[i] = best;
            }
        }
        for (int y = height - 1; y >= 0; y--)
        {
            for (int x = width - 1; x >= 0; x--)
            {
                int i = y * width + x;
                int best = d[i];
                if (x < width - 1)
                    best = Math.Min(best, d[i + 1] + Step);
                if (y < height - 1)
                {
                    best = Math.Min(best, d[i + width] + Step);
                    if (x < width - 1)
                        best = Math.Min(best, d[i + width + 1] + Diagonal);
                    if (x > 0)
                        best = Math.Min(best, d[i + width - 1] + Diagonal);
                }
                d[i] = best;
            }
        }
    }
}
