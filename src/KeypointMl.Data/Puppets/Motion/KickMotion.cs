namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Kicking with the right leg, forward or sideways, or pulling up its knee; the arms balance.</summary>
internal sealed class KickMotion : PuppetMotion
{
    private readonly float rate;
    private readonly float phase;
    private readonly LegPose raised;
    private readonly ArmPose balance;
    private readonly ArmPose resting;
    private readonly float counterLean;

    public KickMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 45)
    {
        rate = random.Uniform(0.45f, 0.85f);
        phase = random.Uniform(0, 1);
        raised = random.Next(3) switch
        {
            0 => LegPose.Degrees(random.Uniform(0, 15), random.Uniform(45, 85), random.Uniform(2, 25)),
            1 => LegPose.Degrees(random.Uniform(35, 62), random.Uniform(0, 15), random.Uniform(2, 20)),
            _ => LegPose.Degrees(random.Uniform(0, 35), random.Uniform(65, 100), random.Uniform(80, 115)),
        };
        resting = ArmPose.DrawResting(ref random);
        balance = ArmPose.Degrees(random.Uniform(35, 95), random.Uniform(-10, 25), random.Uniform(5, 50), random.Uniform(20, 90));
        counterLean = MathF.Min(1, raised.Abduction);
    }

    protected override Posture Perform(float seconds)
    {
        float up = Cycle(rate * seconds + phase);
        var standing = LegPose.Degrees(4, 3, 5);
        ArmPose arm = ArmPose.Lerp(resting, balance, up);
        return new Posture
        {
            SpineRoll = -0.45f * counterLean * up,
            SpinePitch = Angle.Degrees(-4 * up),
            PelvisRoll = -0.12f * counterLean * up,
            LeftArm = arm,
            RightArm = ArmPose.Lerp(ArmPose.Hanging, balance, 0.8f * up),
            LeftLeg = LegPose.Degrees(3, 5, 8),
            RightLeg = new LegPose(
                float.Lerp(standing.Abduction, raised.Abduction, up),
                float.Lerp(standing.Flexion, raised.Flexion, up),
                // The knee bends on the way up and straightens last.
                float.Lerp(standing.Knee, raised.Knee, up) + Angle.Degrees(45) * up * (1 - up) * 4 * 0.5f),
        };
    }
}
