using KeypointMl.Imaging.Images;

namespace KeypointMl.Scoring.Reading;

/// <summary>A frame of the input, or why it could not be read.</summary>
internal readonly record struct InputFrame()
{
    /// <summary>The input's name.</summary>
    public required string Source { get; init; }

    /// <summary>0-based frame number.</summary>
    public required long Frame { get; init; }

    /// <summary>By how much the numbers of the video's scored frames differ.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Width of the whole frame in pixels; 0 where it could not be read.</summary>
    public int Width { get; init; }

    /// <summary>Height of the whole frame in pixels; 0 where it could not be read.</summary>
    public int Height { get; init; }

    /// <summary>
    /// The whole frame; valid until the next frame is asked for. Null where it could not be read, and of still images
    /// where nobody wants the picture.
    /// </summary>
    public RgbImage? Image { get; init; }

    /// <summary>Of still images: their boxes in order, or the one crop of the whole. Null: to be cut out of <see cref="Image"/>.</summary>
    public IReadOnlyList<FrameCrop>? Crops { get; init; }

    /// <summary>Why it could not be read; null where it could.</summary>
    public string? Error { get; init; }
}
