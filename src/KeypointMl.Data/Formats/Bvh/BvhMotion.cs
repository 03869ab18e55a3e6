using System.Numerics;

namespace KeypointMl.Data.Formats.Bvh;

/// <summary>A motion in the Biovision Hierarchy format: a tree of joints and, per frame, a number for each of their channels.</summary>
internal sealed class BvhMotion
{
    private readonly IReadOnlyList<float[]> frames;

    internal BvhMotion(string path, IReadOnlyList<BvhJoint> joints, IReadOnlyList<float[]> frames, double frameSeconds)
    {
        Path = path;
        Joints = joints;
        this.frames = frames;
        FrameSeconds = frameSeconds;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The joints, parents before children.</summary>
    public IReadOnlyList<BvhJoint> Joints { get; }

    /// <summary>The number of frames.</summary>
    public int FrameCount => frames.Count;

    /// <summary>The time from one frame to the next in seconds.</summary>
    public double FrameSeconds { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not BVH, a number is missing, or a value is not a number; the message names file and line.
    /// </exception>
    public static BvhMotion Read(string path) => new BvhParser(path).Parse();

    /// <summary>
    /// Where every joint is in a frame (forward kinematics): a joint's local rotation is the product of its rotations
    /// in the order of its channels, the first one outermost (R = R₁·R₂·R₃, applied to columns); a position channel
    /// replaces the offset along its axis.
    /// </summary>
    /// <param name="frame">0…FrameCount−1.</param>
    /// <returns>A point per joint, in the file's unit and axes (y is up by custom).</returns>
    public Vector3[] Positions(int frame)
    {
        float[] numbers = frames[frame];
        var positions = new Vector3[Joints.Count];
        var rotations = new Quaternion[Joints.Count];
        for (int j = 0; j < Joints.Count; j++)
        {
            BvhJoint joint = Joints[j];
            Vector3 local = joint.Offset;
            Quaternion rotation = Quaternion.Identity;
            for (int c = 0; c < joint.Channels.Count; c++)
            {
                float number = numbers[joint.FirstChannel + c];
                switch (joint.Channels[c])
                {
                    case BvhChannel.Xposition:
                        local.X = number;
                        break;
                    case BvhChannel.Yposition:
                        local.Y = number;
                        break;
                    case BvhChannel.Zposition:
                        local.Z = number;
                        break;
                    case BvhChannel channel:
                        // Numerics' product a*b rotates by b first, as matrices on columns do.
                        rotation *= Quaternion.CreateFromAxisAngle(Axis(channel), number * (MathF.PI / 180));
                        break;
                }
            }
            (Vector3 origin, Quaternion parent) = joint.Parent < 0
                ? (Vector3.Zero, Quaternion.Identity)
                : (positions[joint.Parent], rotations[joint.Parent]);
            positions[j] = origin + Vector3.Transform(local, parent);
            rotations[j] = parent * rotation;
        }
        return positions;
    }

    private static Vector3 Axis(BvhChannel channel) => channel switch
    {
        BvhChannel.Xrotation => Vector3.UnitX,
        BvhChannel.Yrotation => Vector3.UnitY,
        _ => Vector3.UnitZ,
    };
}

/// <summary>What a number in a BVH frame means.</summary>
internal enum BvhChannel
{
    /// <summary>Position along x, instead of the offset's.</summary>
    Xposition,

    /// <summary>Position along y, instead of the offset's.</summary>
    Yposition,

    /// <summary>Position along z, instead of the offset's.</summary>
    Zposition,

    /// <summary>Rotation about x in degrees.</summary>
    Xrotation,

    /// <summary>Rotation about y in degrees.</summary>
    Yrotation,

    /// <summary>Rotation about z in degrees.</summary>
    Zrotation,
}

/// <summary>A joint of a BVH skeleton.</summary>
/// <param name="Name">Its name; an end site's is that of its parent with <c>_end</c>.</param>
/// <param name="Parent">Index of its parent, or −1 for a root.</param>
/// <param name="Offset">Where it is relative to its parent when nothing moves, in the file's unit.</param>
/// <param name="Channels">What each of its numbers in a frame means, in order; empty for an end site.</param>
/// <param name="FirstChannel">Where its numbers begin in a frame.</param>
internal sealed record BvhJoint(string Name, int Parent, Vector3 Offset, IReadOnlyList<BvhChannel> Channels, int FirstChannel);
