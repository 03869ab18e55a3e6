using System.Numerics;

namespace KeypointMl.Imaging.Subjects;

/// <summary>Learns from samples of a video what its ground is, and how large its subjects are.</summary>
internal sealed class SubjectLearner
{
    /// <summary>The fewest samples that ground and subjects can be told apart in.</summary>
    internal const int LeastSamples = 8;

    private const int LeastArea = 9;
    private const int LeastSightings = 3;
    private const float CoveredByLarge = 0.35f;
    private const float CoveredByPan = 0.08f;
    // A camera that always moves leaves no ground to differ from: everything looks like noise.
    private const float NoiseOfPan = 3;
    private const float LargePart = 0.2f;
    private const float LargeAtEdge = 0.02f;
    private const float MostlyAtEdge = 0.6f;
    private const float DarkForShade = 0.3f;
    private const float Margin = 1.1f;

    private readonly GreyPlane geometry;
    private readonly GroundSamples samples;
    private readonly SubjectFinderOptions options;
    private readonly byte[] median;
    private readonly byte[] noise;

    private SubjectLearner(GreyPlane geometry, IReadOnlyList<byte[]> planes, SubjectFinderOptions options)
    {
        (this.geometry, this.options) = (geometry, options);
        samples = new GroundSamples(planes, options.Threads);
        median = samples.Quantile(0.5);
        noise = samples.NoiseThresholds(median);
    }

    /// <summary>Learns.</summary>
    /// <param name="geometry">The planes' size.</param>
    /// <param name="planes">Samples from all over the video.</param>
    /// <param name="options">What is known.</param>
    /// <exception cref="InvalidDataException">
    /// There are too few samples, the camera moves, nothing does, or the subject fills the frame.
    /// </exception>
    internal static SubjectProfile Learn(GreyPlane geometry, IReadOnlyList<byte[]> planes, SubjectFinderOptions options)
    {
        if (planes.Count < LeastSamples)
        {
            throw new InvalidDataException(
                $"it has {planes.Count} {(planes.Count == 1 ? "frame" : "frames")}; "
                + $"the ground behind the subjects is learnt from at least {LeastSamples}. "
                + "Give a longer video, or boxes from another program.");
        }
        return new SubjectLearner(geometry, planes, options).Learn();
    }

    private SubjectProfile Learn()
    {
        RequireFixedGround();
        (byte[] ground, Polarity polarity) = GroundGuess.Best(samples, median, noise);
        float shade = 0;
        List<List<Blob>> found = FindBlobs(ground, polarity, shade);
        float area = UsualArea(found);
        if (polarity == Polarity.Darker && (shade = ShadeBelow(ground, found, area)) > 0)
        {
            found = FindBlobs(ground, polarity, shade);
            area = UsualArea(found);
        }
        float size = LearnSize(found, area);
        float whole = (float)geometry.Width * geometry.Height;
        if (area > LargePart * whole || MathF.Pow(size / geometry.Factor, 2) > whole || ReachOverEdge(found, area))
            throw FillsFrame();
        return new SubjectProfile(ground, noise, polarity, shade, area, options.Size ?? size);
    }

    private void RequireFixedGround()
    {
        float[] covered = [.. samples.Planes.Select(Covered).Order()];
        float usual = covered[covered.Length / 2];
        bool maybeMoves = usual > CoveredByPan || samples.Noise > NoiseOfPan;
        if (maybeMoves && CameraMotion.IsSeenIn(samples.Planes, geometry.Width, geometry.Height))
        {
            throw WholeFrames.Advise(new InvalidDataException(
                "the camera moves: the picture shifts as a whole. Subjects are told from a ground that stands still. "
                + "Stabilise the video, or give boxes from another program."));
        }
        if (usual > CoveredByLarge)
            throw FillsFrame();
    }

    private static InvalidDataException FillsFrame() => WholeFrames.Advise(new(
        "there is no ground that stands still: the subject fills the frame, or the whole scene changes. "
        + "Use the frames as a whole (score without boxes), or give boxes from another program."));

    private float Covered(byte[] plane)
    {
        int count = 0;
        for (int i = 0; i < plane.Length; i++)
            count += Math.Abs(plane[i] - median[i]) > noise[i] ? 1 : 0;
        return count / (float)plane.Length;
    }

    private List<List<Blob>> FindBlobs(byte[] ground, Polarity polarity, float shade)
    {
        var background = new Background(ground, noise, polarity, shade);
        return [.. samples.Planes.Select(plane => Largest(background.Subtract(plane)))];
    }

    private List<Blob> Largest(byte[] differences)
    {
        List<Blob> blobs = ConnectedComponents.Find(differences, geometry.Width, LeastArea);
        return options.Count is int count ? [.. blobs.Take(count)] : blobs;
    }

    // Half of what differs from the ground, in area times contrast, is in blobs of at least this area.
    private float UsualArea(List<List<Blob>> found)
    {
        Blob[] blobs = [.. found.SelectMany(blobs => blobs).OrderBy(blob => blob.Area)];
        long half = blobs.Sum(blob => blob.Energy) / 2;
        Blob? usual = blobs.FirstOrDefault(blob => (half -= blob.Energy) <= 0);
        if (usual is null || found.Count(blobs => blobs.Exists(blob => blob.Area > usual.Area / 2)) < LeastSightings)
        {
            throw new InvalidDataException(
                "nothing moves in it that stands out from the ground. "
                + "Is the scene empty, or does the subject rest in one place all the time? "
                + "Leave it out, or give boxes from another program.");
        }
        return usual.Area;
    }

    // Shadows take less than half as much of the light as a dark body does.
    private float ShadeBelow(byte[] ground, List<List<Blob>> found, float area)
    {
        var darkness = new List<float>();
        foreach ((byte[] plane, List<Blob> blobs) in samples.Planes.Zip(found))
        {
            foreach (Blob blob in blobs.Where(blob => blob.Area > area / 2))
            {
                float[] taken = new float[blob.Area];
                for (int k = 0; k < taken.Length; k++)
                {
                    int i = blob.Y[k] * geometry.Width + blob.X[k];
                    taken[k] = 1 - plane[i] / (float)Math.Max((byte)1, ground[i]);
                }
                Array.Sort(taken);
                darkness.Add(taken[taken.Length * 9 / 10]);
            }
        }
        darkness.Sort();
        float usual = darkness[darkness.Count / 2];
        return usual >= DarkForShade ? usual / 2 : 0;
    }

    // Large, and mostly only in part in the picture.
    private bool ReachOverEdge(List<List<Blob>> found, float area)
    {
        Blob[] blobs = [.. found.SelectMany(blobs => blobs)];
        long over = blobs.Where(blob => blob.TouchesEdge(geometry.Width, geometry.Height)).Sum(blob => blob.Energy);
        return area > LargeAtEdge * geometry.Width * geometry.Height && over > MostlyAtEdge * blobs.Sum(blob => blob.Energy);
    }

    private float LearnSize(List<List<Blob>> found, float area)
    {
        float[] reaches =
        [
            .. found.SelectMany(blobs => blobs)
                .Where(blob => blob.Area > 0.5f * area && blob.Area < 1.6f * area && !blob.TouchesEdge(geometry.Width, geometry.Height))
                .Select(Reach).Order(),
        ];
        float reach = reaches.Length > 0 ? reaches[reaches.Length * 19 / 20] : MathF.Sqrt(area);
        return Math.Max(4, MathF.Ceiling(2 * (reach + 0.5f) * geometry.Factor * Margin / 2) * 2);
    }

    // How far a blob goes from its centre, along rows or columns.
    private static float Reach(Blob blob)
    {
        Vector2 centre = blob.Centre;
        (int left, int top, int right, int bottom) = blob.Bounds;
        return Math.Max(Math.Max(centre.X - left, right - centre.X), Math.Max(centre.Y - top, bottom - centre.Y));
    }
}

/// <summary>What was learnt from samples of a video.</summary>
/// <param name="Ground">[h,w] grey levels of the ground behind the subjects.</param>
/// <param name="Noise">[h,w]: differences from the ground up to these are noise.</param>
/// <param name="Polarity">How subjects differ from the ground.</param>
/// <param name="Shade">
/// What part of the ground's brightness a shadow takes away at most; 0 where shadows do not count as subjects anyway.
/// </param>
/// <param name="Area">The usual area of one subject, in pixels of the plane.</param>
/// <param name="Size">The side of the square boxes, in pixels of the video.</param>
internal sealed record SubjectProfile(byte[] Ground, byte[] Noise, Polarity Polarity, float Shade, float Area, float Size);

/// <summary>How subjects differ from the ground behind them.</summary>
internal enum Polarity
{
    /// <summary>In parts brighter, in parts darker.</summary>
    Both,

    /// <summary>Brighter.</summary>
    Brighter,

    /// <summary>Darker.</summary>
    Darker,
}
