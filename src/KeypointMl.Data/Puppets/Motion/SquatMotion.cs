using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Squats, narrow or wide, or lunges to the right side.</summary>
internal sealed class SquatMotion : PuppetMotion
{
    private readonly float rate;
    private readonly float phase;
    private readonly float depth;
    private readonly float spread;
    private readonly bool lunge;
    private readonly ArmPose up;
    private readonly ArmPose down;

    public SquatMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 40)
    {
        rate = 1 / random.Uniform(1.5f, 2.8f);
        phase = random.Uniform(0, 1);
        depth = random.Uniform(0.55f, 1);
        spread = random.Uniform(6, 26);
        lunge = random.Chance(0.3);
        up = ArmPose.DrawResting(ref random);
        down = random.Next(4) switch
        {
            0 => ArmPose.Forward.Vary(ref random, 12),
            1 => ArmPose.InFront.Vary(ref random, 8),
            2 => ArmPose.Sideways.Vary(ref random, 14),
            _ => up,
        };
    }

    protected override Posture Perform(float seconds)
    {
        float bend = depth * Cycle(rate * seconds + phase);
        ArmPose arm = ArmPose.Lerp(up, down, Math.Clamp(bend / depth, 0, 1));
        var squatting = LegPose.Degrees(spread, 4 + 92 * bend, 4 + 112 * bend);
        // In a lunge the left leg stays straight and goes out to the side.
        LegPose left = lunge ? LegPose.Degrees(spread + 34 * bend, 4, 5) : squatting;
        return new Posture
        {
            Travel = new Vector2(lunge ? -0.14f * bend : 0, -0.08f * bend),
            SpinePitch = Angle.Degrees(34 * bend),
            SpineRoll = lunge ? Angle.Degrees(-8 * bend) : 0,
            HeadPitch = Angle.Degrees(-10 * bend),
            RightArm = arm,
            LeftArm = arm,
            RightLeg = squatting,
            LeftLeg = left,
        };
    }
}
