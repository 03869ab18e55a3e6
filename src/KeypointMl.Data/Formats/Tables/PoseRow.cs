using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>One subject in one frame of a file of poses.</summary>
/// <param name="Source">The image or video, as the file names it; may be empty.</param>
/// <param name="Frame">0-based frame number; 0 for a still image.</param>
/// <param name="Item">Which subject (a track); empty where the file does not say.</param>
/// <param name="Points">K points in pixels of the frame (0 is the centre of the first pixel); NaN where there is none.</param>
/// <param name="Scores">The score of each point, or null where the file has none.</param>
/// <param name="Box">The subject's box in pixels of the frame, or null.</param>
/// <param name="Where">File and position, for messages.</param>
public sealed record PoseRow(string Source, long Frame, string Item, Vector2[] Points, float[]? Scores, Box? Box, string Where)
{
    /// <summary>The images that the file has of this row's video; null where it has none.</summary>
    internal SleapPackage? Package { get; init; }

    /// <summary>The image of this row's frame; null where the file has none.</summary>
    internal EmbeddedImage? Embedded { get; init; }
}
