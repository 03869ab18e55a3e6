using System.Numerics;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Formats.Coco;

/// <summary>An annotation of a COCO keypoints file.</summary>
/// <param name="Id">Its <c>id</c>; its place in the list, from 0, where it has none that is a whole number.</param>
/// <param name="ImageId">The <c>id</c> of its image, likewise.</param>
/// <param name="FileName">The image's <c>file_name</c>, with forward slashes.</param>
/// <param name="Box">Its <c>bbox</c>, in pixels of the image; null where it has none, or one with a side of 0.</param>
/// <param name="Keypoints">K points in pixels of the image; NaN where not labelled (visibility 0).</param>
/// <param name="Visibility">K values: 0 not labelled, 1 labelled and hidden, 2 labelled and visible.</param>
internal sealed record CocoAnnotation(long Id, long ImageId, string FileName, Box? Box, Vector2[] Keypoints, float[] Visibility)
{
    /// <summary>The name of its category.</summary>
    public string Category { get; init; } = "";

    /// <summary>The image's <c>frame</c>, a key beside COCO's own: its 0-based number in a video; 0 where there is none.</summary>
    public long Frame { get; init; }

    /// <summary>
    /// Which subject: <c>item</c> or <c>track_id</c>, keys beside COCO's own, or <c>object_id</c> or <c>track_id</c> among its
    /// <c>attributes</c>; empty where there is none.
    /// </summary>
    public string Item { get; init; } = "";

    /// <summary>K scores from <c>confidence</c>, a key beside COCO's own; null where there is none.</summary>
    public float[]? Confidence { get; init; }

    /// <summary>File and place in it, for messages.</summary>
    public string Where { get; init; } = "";
}
