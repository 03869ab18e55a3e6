using KeypointMl.Imaging.Images;
using KeypointMl.Scoring.Inputs;

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
    /// that are yet to be decoded.
    /// </summary>
    public RgbImage? Image { get; init; }

    /// <summary>Of a still image that is yet to be decoded.</summary>
    public InputFile? Still { get; init; }

    /// <summary>Why it could not be read; null where it could.</summary>
    public string? Error { get; init; }
}
