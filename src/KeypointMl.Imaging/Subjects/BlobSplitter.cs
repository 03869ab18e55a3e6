namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Divides the pixels of subjects that touch: each goes to the ellipse that explains it best, and the ellipses are fitted to
/// their pixels again (hard expectation–maximisation of normal distributions).
/// </summary>
internal static class BlobSplitter
{
    private const int Rounds = 12;
    // An ellipse keeps some of the shape that the subject had when it was alone.
    private const float FittedPart = 0.5f;

    /// <summary>Divides a blob among subjects whose shapes are known from before.</summary>
    /// <param name="blob">Their common blob.</param>
    /// <param name="starts">Where they are expected, and how they spread.</param>
    /// <returns>A blob for each; null for one that is left without pixels.</returns>
    internal static Blob?[] Split(Blob blob, IReadOnlyList<Ellipse> starts)
    {
        Ellipse[] shapes = [.. starts];
        int[] owners = new int[blob.Area];
        for (int round = 0; round < Rounds; round++)
        {
            bool changed = Assign(blob, shapes, owners) || round == 0;
            if (!changed)
                break;
            for (int k = 0; k < shapes.Length; k++)
            {
                if (Part(blob, owners, k) is { } part)
                    shapes[k] = starts[k].At(part.Shape.Mean).Blend(part.Shape, FittedPart);
            }
        }
        return [.. Enumerable.Range(0, shapes.Length).Select(k => Part(blob, owners, k))];
    }

    /// <summary>Divides a blob into a number of parts of which nothing is known.</summary>
    internal static Blob?[] Split(Blob blob, int count)
    {
        Ellipse whole = blob.Shape;
        float spread = whole.Length * whole.Length / (count * count);
        Ellipse[] starts =
        [
            .. Enumerable.Range(0, count).Select(k =>
                new Ellipse(whole.Mean + whole.MainAxis * whole.Length * MathF.Sqrt(3) * ((2 * k + 1f) / count - 1), spread, 0, spread)),
        ];
        return Split(blob, starts);
    }

    private static bool Assign(Blob blob, Ellipse[] shapes, int[] owners)
    {
        bool changed = false;
        for (int i = 0; i < owners.Length; i++)
        {
            (int best, float least) = (0, float.PositiveInfinity);
            for (int k = 0; k < shapes.Length; k++)
            {
                float deviance = shapes[k].Deviance(blob.X[i], blob.Y[i]);
                if (deviance < least)
                    (best, least) = (k, deviance);
            }
            changed |= owners[i] != best;
            owners[i] = best;
        }
        return changed;
    }

    private static Blob? Part(Blob blob, int[] owners, int k)
    {
        int[] own = [.. Enumerable.Range(0, owners.Length).Where(i => owners[i] == k)];
        return own.Length == 0 ? null
            : new Blob(Array.ConvertAll(own, i => blob.X[i]), Array.ConvertAll(own, i => blob.Y[i]), blob.Energy * own.Length / blob.Area);
    }
}
