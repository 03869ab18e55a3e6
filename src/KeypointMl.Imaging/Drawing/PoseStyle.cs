using KeypointMl.Imaging.Images;

namespace KeypointMl.Imaging.Drawing;

/// <summary>How <see cref="PosePainter"/> draws a pose.</summary>
public sealed record PoseStyle
{
    /// <summary>A hue for each edge, white keypoints, lines of 1/100 of the subject's size.</summary>
    public static PoseStyle Default { get; } = new();

    /// <summary>What decides the colours.</summary>
    public PoseColoring Coloring { get; init; }

    /// <summary>The left keypoints of symmetric pairs, and the edges between them; sky blue.</summary>
    public RgbColor LeftColor { get; init; } = new(0x56, 0xb4, 0xe9);

    /// <summary>The right keypoints of symmetric pairs, and the edges between them; orange.</summary>
    public RgbColor RightColor { get; init; } = new(0xe6, 0x9f, 0x00);

    /// <summary>Keypoints of no side or group, and the edges between different ones; white.</summary>
    public RgbColor MiddleColor { get; init; } = RgbColor.White;

    /// <summary>Colours by name of group; a group without one gets a hue.</summary>
    public IReadOnlyDictionary<string, RgbColor> GroupColors { get; init; } = new Dictionary<string, RgbColor>();

    /// <summary>All keypoints' colour; null for white with <see cref="PoseColoring.Edge"/>, else each keypoint's own.</summary>
    public RgbColor? KeypointColor { get; init; }

    /// <summary>
    /// The width of lines in pixels of the picture, greater than 0; null for 1/100 of the subject's size, but at least
    /// 1.
    /// </summary>
    public float? LineWidth { get; init; }

    /// <summary>The radius of keypoints in pixels of the picture, 0 for none; null for 3/4 of the width of lines, but at least 1.</summary>
    public float? KeypointRadius { get; init; }

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentException">One is negative, not a number, or a line has no width.</exception>
    public void Validate()
    {
        if (LineWidth is { } width && !(width > 0 && float.IsFinite(width)))
            throw new ArgumentException($"{nameof(LineWidth)} is {width}; expected pixels, greater than 0, or null.");
        if (KeypointRadius is { } radius && !(radius >= 0 && float.IsFinite(radius)))
            throw new ArgumentException($"{nameof(KeypointRadius)} is {radius}; expected pixels, 0 or greater, or null.");
    }
}

/// <summary>What decides the colours of a drawn pose.</summary>
public enum PoseColoring
{
    /// <summary>Every edge has a hue of its own; keypoints are white.</summary>
    Edge,

    /// <summary>Left, right and middle, as the skeleton's symmetric pairs say.</summary>
    Side,

    /// <summary>The skeleton's groups of keypoints; what belongs to none has the colour of the middle.</summary>
    Group,
}
