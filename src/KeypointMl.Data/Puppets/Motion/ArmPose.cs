namespace KeypointMl.Data.Puppets.Motion;

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
        float.Lerp(a.Abduction, b.Abduction, t), float.Lerp(a.Flexion, b.Flexion, t), float.Lerp(a.Elbow, b.Elbow, t), float.Lerp(a.Twist, b.Twist, t));

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
