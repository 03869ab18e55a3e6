using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Leaning from side to side, with an arm overhead or not, or bowing.</summary>
internal sealed class LeanMotion : PuppetMotion
{
    private readonly float rate;
    private readonly float phase;
    private readonly float side;
    private readonly float bow;
    private readonly float stance;
    private readonly bool armsFollow;
    private readonly ArmPose resting;
    private readonly ArmPose other;

    public LeanMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 35)
    {
        bool bowing = random.Chance(0.3);
        rate = 1 / random.Uniform(1.6f, 3.2f);
        phase = random.Uniform(0, 1);
        side = Angle.Degrees(bowing ? random.Uniform(0, 12) : random.Uniform(18, 42));
        bow = Angle.Degrees(bowing ? random.Uniform(35, 68) : random.Uniform(0, 15));
        stance = random.Uniform(5, 16);
        armsFollow = !bowing && random.Chance(0.6);
        resting = random.Chance(0.2) ? ArmPose.Sideways.Vary(ref random, 10) : ArmPose.DrawResting(ref random);
        other = random.Chance(0.5) ? resting : ArmPose.DrawResting(ref random);
    }

    protected override Posture Perform(float seconds)
    {
        float swing = MathF.Sin(MathF.Tau * (rate * seconds + phase));
        float pitch = bow * Cycle(rate * seconds + phase);
        // Leaning to the right (positive) the left arm goes overhead, and the other way round.
        ArmPose left = armsFollow ? ArmPose.Lerp(other, ArmPose.Overhead, Ease(0.5f + swing)) : other;
        ArmPose right = armsFollow ? ArmPose.Lerp(resting, ArmPose.Overhead, Ease(0.5f - swing)) : resting;
        return new Posture
        {
            Travel = new Vector2(0.035f * swing, -0.1f * pitch),
            PelvisRoll = -0.15f * side * swing,
            SpineRoll = side * swing,
            SpinePitch = pitch,
            HeadPitch = 0.3f * pitch,
            LeftArm = left,
            RightArm = right,
            LeftLeg = LegPose.Degrees(stance, 3, 6 + MathF.Max(0, -swing) * 8),
            RightLeg = LegPose.Degrees(stance, 3, 6 + MathF.Max(0, swing) * 8),
        };
    }
}
