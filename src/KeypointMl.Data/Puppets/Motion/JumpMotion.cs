namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Jumping jacks, complete or with the arms only to the shoulders' height.</summary>
internal sealed class JumpMotion : PuppetMotion
{
    private readonly float rate;
    private readonly float phase;
    private readonly float reach;
    private readonly float spread;
    private readonly float height;
    private readonly float elbow;

    public JumpMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 35)
    {
        rate = random.Uniform(0.55f, 1.05f);
        phase = random.Uniform(0, 1);
        reach = random.Chance(0.3) ? random.Uniform(75, 110) : random.Uniform(130, 165);
        spread = random.Uniform(14, 32);
        height = random.Uniform(0.02f, 0.08f);
        elbow = random.Uniform(5, 35);
    }

    protected override Posture Perform(float seconds)
    {
        float turns = rate * seconds + phase;
        float open = Cycle(turns);
        // Twice a cycle: up in the middle of the movement, down with bent knees at its ends.
        float airborne = Cycle(2 * turns);
        var arm = ArmPose.Degrees(8 + (reach - 8) * open, 4, elbow * (0.5f + 0.5f * open), 60 * (1 - open));
        var leg = LegPose.Degrees(3 + spread * open, 4 + 14 * (1 - airborne), 6 + 26 * (1 - airborne));
        return new Posture
        {
            Jump = height * airborne,
            SpinePitch = Angle.Degrees(5 * (1 - airborne)),
            LeftArm = arm,
            RightArm = arm,
            LeftLeg = leg,
            RightLeg = leg,
        };
    }
}
