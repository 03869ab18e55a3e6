using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>
/// How a person stands at one moment: angles in radians, lengths in adult heights. Yaw turns to the image's right, roll leans to the image's left, pitch bends forward.
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
