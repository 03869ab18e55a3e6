using System.Numerics;

namespace KeypointMl.Data;

/// <summary>A joint of a BVH skeleton.</summary>
/// <param name="Name">Its name; an end site's is that of its parent with <c>_end</c>.</param>
/// <param name="Parent">Index of its parent, or −1 for a root.</param>
/// <param name="Offset">Where it is relative to its parent when nothing moves, in the file's unit.</param>
/// <param name="Channels">What each of its numbers in a frame means, in order; empty for an end site.</param>
/// <param name="FirstChannel">Where its numbers begin in a frame.</param>
public sealed record BvhJoint(string Name, int Parent, Vector3 Offset, IReadOnlyList<BvhChannel> Channels, int FirstChannel);
