using System.Numerics;
using KeypointMl.Data.Puppets.Motion;

namespace KeypointMl.Data.Puppets.Body;

/// <summary>
/// A body in a posture, by forward kinematics: where its joints are in space. x points to the image's right (the
/// person's left when it faces the camera), y up, z to the camera; unit: an average adult's height; the ground is y =
/// 0.
/// </summary>
internal sealed class PuppetFigure
{
    private PuppetFigure()
    {
    }

    /// <summary>One point per keypoint of <see cref="PuppetSkeleton"/>.</summary>
    public Vector3[] Joints { get; } = new Vector3[PuppetSkeleton.Count];

    public Quaternion PelvisRotation { get; private set; }

    public Quaternion ChestRotation { get; private set; }

    public Quaternion HeadRotation { get; private set; }

    public Vector3 LeftFingers { get; private set; }

    public Vector3 RightFingers { get; private set; }

    public Vector3 LeftToes { get; private set; }

    public Vector3 RightToes { get; private set; }

    public static PuppetFigure Pose(PuppetBody body, in Posture posture)
    {
        var figure = new PuppetFigure();
        Quaternion pelvis = Quaternion.CreateFromYawPitchRoll(posture.Yaw, 0, posture.PelvisRoll);
        // The spine bends evenly: its lower half takes half of the bend.
        Quaternion lumbar =
            pelvis * Quaternion.CreateFromYawPitchRoll(posture.SpineTwist / 2, posture.SpinePitch / 2, posture.SpineRoll / 2);
        Quaternion chest = pelvis * Quaternion.CreateFromYawPitchRoll(posture.SpineTwist, posture.SpinePitch, posture.SpineRoll);
        // The head follows the chest's bend by half only: people keep their eyes level.
        Quaternion head = lumbar * Quaternion.CreateFromYawPitchRoll(posture.HeadYaw, posture.HeadPitch, posture.HeadRoll);
        figure.PelvisRotation = pelvis;
        figure.ChestRotation = chest;
        figure.HeadRotation = head;

        Vector3 halfSpine = new(0, body.SpineLength / 2, 0);
        Vector3 neck = Vector3.Transform(halfSpine, lumbar) + Vector3.Transform(halfSpine, chest);
        figure.Joints[PuppetSkeleton.Pelvis] = Vector3.Zero;
        figure.Joints[PuppetSkeleton.Neck] = neck;
        figure.Joints[PuppetSkeleton.Head] = neck + Vector3.Transform(new Vector3(0, body.NeckLength, 0.012f), head);
        figure.RightFingers = figure.BendArm(body, posture.RightArm, -1, PuppetSkeleton.RightShoulder);
        figure.LeftFingers = figure.BendArm(body, posture.LeftArm, 1, PuppetSkeleton.LeftShoulder);
        figure.RightToes = figure.BendLeg(body, posture.RightLeg, -1, PuppetSkeleton.RightHip);
        figure.LeftToes = figure.BendLeg(body, posture.LeftLeg, 1, PuppetSkeleton.LeftHip);

        float lowest = MathF.Min(figure.Joints[PuppetSkeleton.LeftAnkle].Y, figure.Joints[PuppetSkeleton.RightAnkle].Y);
        figure.Translate(new Vector3(posture.Travel.X, PuppetBody.AnkleHeight + posture.Jump - lowest, posture.Travel.Y));
        return figure;
    }

    /// <summary>Places shoulder, elbow and wrist; returns the finger tips.</summary>
    private Vector3 BendArm(PuppetBody body, in ArmPose arm, float side, int shoulderIndex)
    {
        // A raised arm lifts its shoulder.
        float lift = 0.035f * MathF.Max(0, -MathF.Cos(arm.Abduction) * MathF.Cos(arm.Flexion) + 0.3f);
        Vector3 shoulder = Joints[PuppetSkeleton.Neck]
            + Vector3.Transform(new Vector3(side * body.ShoulderHalfWidth, lift - 0.028f, 0), ChestRotation);
        (Vector3 along, Vector3 outward, Vector3 forward) = LimbAxes(arm.Abduction, arm.Flexion, side);
        Vector3 bend = MathF.Cos(arm.Twist) * outward + MathF.Sin(arm.Twist) * forward;
        Vector3 forearm = MathF.Cos(arm.Elbow) * along + MathF.Sin(arm.Elbow) * bend;
        Vector3 elbow = shoulder + Vector3.Transform(along * body.UpperArm, ChestRotation);
        Vector3 forearmInSpace = Vector3.Transform(forearm, ChestRotation);
        Joints[shoulderIndex] = shoulder;
        Joints[shoulderIndex + 1] = elbow;
        Joints[shoulderIndex + 2] = elbow + forearmInSpace * body.Forearm;
        return Joints[shoulderIndex + 2] + forearmInSpace * 0.04f;
    }

    /// <summary>Places hip, knee and ankle; returns the toes.</summary>
    private Vector3 BendLeg(PuppetBody body, in LegPose leg, float side, int hipIndex)
    {
        Vector3 hip = Vector3.Transform(new Vector3(side * body.HipHalfWidth, -0.02f, 0), PelvisRotation);
        (Vector3 along, _, Vector3 forward) = LimbAxes(leg.Abduction, leg.Flexion, side);
        (float sin, float cos) = MathF.SinCos(leg.Knee);
        Vector3 shank = cos * along - sin * forward;
        Vector3 instep = sin * along + cos * forward;
        Joints[hipIndex] = hip;
        Joints[hipIndex + 1] = hip + Vector3.Transform(along * body.Thigh, PelvisRotation);
        Joints[hipIndex + 2] = Joints[hipIndex + 1] + Vector3.Transform(shank * body.Shank, PelvisRotation);
        return Joints[hipIndex + 2] + Vector3.Transform(instep * 0.075f + shank * 0.02f + new Vector3(side * 0.02f, 0, 0), PelvisRotation);
    }

    /// <summary>
    /// The axes of a limb that hangs down at (0,0), is then raised sideways by <paramref name="abduction"/> and swung
    /// forward by <paramref name="flexion"/>: along it, outward (the way it rises when abducted more) and forward (the
    /// way it swings when flexed more). Orthonormal.
    /// </summary>
    private static (Vector3 Along, Vector3 Outward, Vector3 Forward) LimbAxes(float abduction, float flexion, float side)
    {
        (float sinA, float cosA) = MathF.SinCos(abduction);
        (float sinF, float cosF) = MathF.SinCos(flexion);
        return (
            new Vector3(side * sinA, -cosA * cosF, cosA * sinF),
            new Vector3(side * cosA, sinA * cosF, -sinA * sinF),
            new Vector3(0, sinF, cosF));
    }

    private void Translate(Vector3 offset)
    {
        foreach (ref Vector3 joint in Joints.AsSpan())
            joint += offset;
        LeftFingers += offset;
        RightFingers += offset;
        LeftToes += offset;
        RightToes += offset;
    }
}
