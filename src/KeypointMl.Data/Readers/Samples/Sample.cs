using System.Numerics;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>
/// One frame of a data set as a reader lists it; nothing of it has been opened yet but what the reader needed to know
/// its box.
/// </summary>
/// <param name="Path">The image or video.</param>
/// <param name="Name">Its name in messages and results, relative to the data root.</param>
/// <param name="Clip">Which clip it belongs to; the samples of a clip follow one another.</param>
/// <param name="Labels">Reads its K points for a skeleton, NaN where missing; null where it has no labels.</param>
internal sealed record Sample(string Path, string Name, string Clip, Func<Skeleton, Vector2[]>? Labels)
{
    /// <summary>The frame of a video; null for an image.</summary>
    internal long? Frame { get; init; }

    /// <summary>Where the image is not a file of its own but in the file of labels; null for others.</summary>
    internal EmbeddedImage? Embedded { get; init; }

    /// <summary>Which subject of the frame; empty where there is one.</summary>
    internal string Item { get; init; } = "";

    /// <summary>What metrics are grouped by; may be empty.</summary>
    internal string Group { get; init; } = "";

    /// <summary>The part that is shown, in pixels; null for the whole.</summary>
    internal Box? Box { get; init; }

    /// <summary>A foreground mask for an image; null for none.</summary>
    internal string? Mask { get; init; }

    /// <summary>
    /// Whether it is a clip of one frame, whatever else has the clip's name: where nothing says which of several subjects
    /// it shows.
    /// </summary>
    internal bool IsAlone { get; init; }

    /// <summary>File and position that it was read from, for messages; null where a file is one sample.</summary>
    internal string? Where { get; init; }

    /// <summary>What the labels' coordinates are.</summary>
    internal LabelUnit Unit { get; init; }
}

/// <summary>What the coordinates of a sample's labels are.</summary>
internal enum LabelUnit
{
    /// <summary>Pixels of the image; 0 is the centre of the first.</summary>
    Pixels,

    /// <summary>Fractions of the frame, 0 and 1 being the centres of its first and last pixel: what the networks see as −1 and 1.</summary>
    Fractions,
}
