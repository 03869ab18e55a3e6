using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Turning to and fro with small steps, or all the way round.</summary>
internal sealed class TurnMotion : PuppetMotion
{
    private readonly bool fullTurn;
    private readonly float rate;
    private readonly float phase;
    private readonly float range;
    private readonly float stepRate;
    private readonly float lift;
    private readonly ArmPose left;
    private readonly ArmPose right;

    public TurnMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 12)
    {
        this.fullTurn = fullTurn;
        rate = 1 / random.Uniform(1.8f, 3.4f);
        phase = random.Uniform(0, 1);
        range = Angle.Degrees(random.Uniform(30, 55));
        stepRate = MathF.Tau * random.Uniform(0.8f, 1.4f);
        lift = random.Uniform(12, 36);
        left = random.Chance(0.3) ? ArmPose.Sideways.Vary(ref random, 18) : ArmPose.DrawResting(ref random);
        right = random.Chance(0.6) ? left : ArmPose.DrawResting(ref random);
    }

    protected override Posture Perform(float seconds)
    {
        float turn = MathF.Tau * (rate * seconds + phase);
        float yaw = fullTurn ? turn : range * MathF.Sin(turn);
        float velocity = fullTurn ? 1 : MathF.Cos(turn);
        float step = MathF.Sin(stepRate * seconds);
        return new Posture
        {
            Yaw = yaw,
            Travel = new Vector2(0.012f * step, 0),
            SpineTwist = Angle.Degrees(14) * velocity,
            HeadYaw = Angle.Degrees(10) * velocity,
            // Arms fly outward with the turn.
            LeftArm = left with { Abduction = left.Abduction + Angle.Degrees(14) * MathF.Abs(velocity) },
            RightArm = right with { Abduction = right.Abduction + Angle.Degrees(14) * MathF.Abs(velocity) },
            LeftLeg = Leg(MathF.Max(0, step)),
            RightLeg = Leg(MathF.Max(0, -step)),
        };
    }

    private LegPose Leg(float raised) => LegPose.Degrees(5, 3 + lift * raised, 5 + 1.7f * lift * raised);
}
