using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>An annotation of a COCO keypoints file.</summary>
/// <param name="Id">Its <c>id</c>.</param>
/// <param name="ImageId">The <c>id</c> of its image.</param>
/// <param name="FileName">The image's <c>file_name</c>.</param>
/// <param name="Box">Its <c>bbox</c>, in pixels of the image.</param>
/// <param name="Keypoints">K points in pixels of the image; NaN where not labelled (visibility 0).</param>
/// <param name="Visibility">K values: 0 not labelled, 1 labelled and hidden, 2 labelled and visible.</param>
public sealed record CocoAnnotation(long Id, long ImageId, string FileName, Box Box, Vector2[] Keypoints, float[] Visibility);
