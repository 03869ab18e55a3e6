namespace KeypointMl.Data;

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
