using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>
/// How a person stands at one moment: angles in radians, lengths in adult heights. Yaw turns to the image's right, roll
/// leans to the image's left, pitch bends forward.
/// </summary>
internal record struct Posture
{
    /// <summary>0 faces the camera.</summary>
    public float Yaw { get; set; }

    /// <summary>Displacement of the pelvis: x to the image's right, y to the camera.</summary>
    public Vector2 Travel { get; set; }

    /// <summary>Height of the lower foot above the ground.</summary>
    public float Jump { get; set; }

    public float PelvisRoll { get; set; }

    public float SpinePitch { get; set; }

    public float SpineRoll { get; set; }

    public float SpineTwist { get; set; }

    public float HeadPitch { get; set; }

    public float HeadYaw { get; set; }

    public float HeadRoll { get; set; }

    public ArmPose LeftArm { get; set; }

    public ArmPose RightArm { get; set; }

    public LegPose LeftLeg { get; set; }

    public LegPose RightLeg { get; set; }

    /// <summary>The mirror image: left does what right did.</summary>
    public readonly Posture Mirror() => this with
    {
        Yaw = -Yaw,
        Travel = new Vector2(-Travel.X, Travel.Y),
        PelvisRoll = -PelvisRoll,
        SpineRoll = -SpineRoll,
        SpineTwist = -SpineTwist,
        HeadYaw = -HeadYaw,
        HeadRoll = -HeadRoll,
        LeftArm = RightArm,
        RightArm = LeftArm,
        LeftLeg = RightLeg,
        RightLeg = LeftLeg,
    };
}

/// <summary>The angles of a leg, in radians; all zero: straight down.</summary>
/// <param name="Abduction">Spread sideways.</param>
/// <param name="Flexion">Thigh swung forward.</param>
/// <param name="Knee">Bend of the knee, backwards; 0 is straight.</param>
internal readonly record struct LegPose(float Abduction, float Flexion, float Knee)
{
    public static LegPose Degrees(float abduction, float flexion, float knee) =>
        new(Angle.Degrees(abduction), Angle.Degrees(flexion), Angle.Degrees(knee));
}

/// <summary>The angles of an arm, in radians; all zero: it hangs straight down.</summary>
/// <param name="Abduction">Raised sideways: π/2 is horizontal, π straight up.</param>
/// <param name="Flexion">Swung forward.</param>
/// <param name="Elbow">Bend of the elbow; 0 is straight.</param>
/// <param name="Twist">Which way the elbow bends: 0 outward (upward, when the arm is raised sideways), π/2 forward, π inward.</param>
internal readonly record struct ArmPose(float Abduction, float Flexion, float Elbow, float Twist)
{
    public static readonly ArmPose Hanging = Degrees(9, 2, 14, 95);
    public static readonly ArmPose OnHip = Degrees(42, -14, 88, 168);
    public static readonly ArmPose InFront = Degrees(18, 18, 92, 128);
    public static readonly ArmPose Forward = Degrees(6, 82, 10, 90);
    public static readonly ArmPose Sideways = Degrees(84, 4, 12, 40);
    public static readonly ArmPose Overhead = Degrees(158, 0, 18, 0);

    public static ArmPose Degrees(float abduction, float flexion, float elbow, float twist) =>
        new(Angle.Degrees(abduction), Angle.Degrees(flexion), Angle.Degrees(elbow), Angle.Degrees(twist));

    public static ArmPose Lerp(ArmPose a, ArmPose b, float t) => new(
        float.Lerp(a.Abduction, b.Abduction, t), float.Lerp(a.Flexion, b.Flexion, t), float.Lerp(a.Elbow, b.Elbow, t),
        float.Lerp(a.Twist, b.Twist, t));

    /// <summary>One of the ways people hold an arm that has nothing to do, with a person's own variation.</summary>
    public static ArmPose DrawResting(ref SeededRandom random)
    {
        ArmPose pose = random.Next(6) switch
        {
            0 or 1 or 2 => Hanging,
            3 => OnHip,
            4 => InFront,
            _ => Degrees(28, 8, 40, 85),
        };
        return pose.Vary(ref random, 6);
    }

    /// <summary>This pose with each angle but the twist changed by up to <paramref name="degrees"/>.</summary>
    public ArmPose Vary(ref SeededRandom random, float degrees)
    {
        float range = Angle.Degrees(degrees);
        return this with
        {
            Abduction = Abduction + random.Uniform(-range, range),
            Flexion = Flexion + random.Uniform(-range, range),
            Elbow = MathF.Max(0, Elbow + random.Uniform(-range, range)),
        };
    }
}
