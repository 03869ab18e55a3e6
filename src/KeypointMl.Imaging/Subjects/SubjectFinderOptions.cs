namespace KeypointMl.Imaging.Subjects;

/// <summary>What may be known about the subjects of a video before they are looked for.</summary>
public sealed record SubjectFinderOptions
{
    /// <summary>
    /// How many subjects there are, 1 to 100; null where it is not known. Where it is, no track ends, and no further one begins.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 1…100.</exception>
    public int? Count { get; init => field = Guard.Between(value, 1, 100); }

    /// <summary>The side of the square boxes in pixels of the video, at least 4; null to learn it from the video.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 4 or not finite.</exception>
    public float? Size
    {
        get;
        init
        {
            if (value is float size && !(size >= 4 && float.IsFinite(size)))
                throw new ArgumentOutOfRangeException(nameof(Size), size, "A box has at least 4 pixels a side.");
            field = value;
        }
    }

    /// <summary>
    /// For how many frames a subject that is not seen may come back as the same track, where the number of subjects is not
    /// known; 0 or more, 50 by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxGap { get; init => field = Guard.AtLeast(value, 0); } = 50;

    /// <summary>How many threads learn the ground and, in ffmpeg, decode; 0, the default: as many as there are processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Threads { get; init => field = Guard.AtLeast(value, 0); }
}
