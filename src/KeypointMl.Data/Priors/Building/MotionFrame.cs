using System.Numerics;

namespace KeypointMl.Data;

/// <summary>A 3D pose of a motion, y up.</summary>
/// <param name="Id">Where it came from: a file and a frame.</param>
/// <param name="Joints">A point per joint of its <see cref="MotionSkeleton"/>, in any unit.</param>
/// <param name="Skeleton">The joints.</param>
internal sealed record MotionFrame(string Id, Vector3[] Joints, MotionSkeleton Skeleton);
