using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Dancing: hips, knees, trunk and arms move on one beat, each in its own way.</summary>
internal sealed class DanceMotion : PuppetMotion
{
    private readonly float beat;
    private readonly float bounce;
    private readonly float hips;
    private readonly float twist;
    private readonly float stance;
    private readonly float kneeLift;
    private readonly ArmDance left;
    private readonly ArmDance right;

    public DanceMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 40)
    {
        beat = MathF.Tau * random.Uniform(0.55f, 1.0f);
        bounce = random.Uniform(4, 22);
        hips = random.Uniform(0.02f, 0.08f);
        twist = Angle.Degrees(random.Uniform(6, 24));
        stance = random.Uniform(4, 15);
        kneeLift = random.Chance(0.4) ? random.Uniform(15, 55) : 0;
        left = new ArmDance(ref random);
        right = random.Chance(0.4) ? left : new ArmDance(ref random);
    }

    protected override Posture Perform(float seconds)
    {
        float step = beat * seconds;
        float sin = MathF.Sin(step);
        float dip = bounce * Cycle(step / MathF.PI);
        return new Posture
        {
            Yaw = Angle.Degrees(10) * MathF.Sin(step / 2),
            Travel = new Vector2(hips * sin, 0),
            PelvisRoll = 1.6f * hips * sin,
            SpineRoll = -2.4f * hips * sin,
            SpineTwist = twist * MathF.Sin(step + 0.6f),
            SpinePitch = Angle.Degrees(4 + dip / 3),
            HeadRoll = Angle.Degrees(8) * MathF.Sin(step + 1),
            LeftArm = left.At(step),
            RightArm = right.At(step + MathF.PI),
            LeftLeg = Leg(dip, MathF.Max(0, sin)),
            RightLeg = Leg(dip, MathF.Max(0, -sin)),
        };
    }

    private LegPose Leg(float dip, float raised) =>
        LegPose.Degrees(stance, 3 + dip + kneeLift * raised, 6 + 1.8f * dip + 1.6f * kneeLift * raised);

    private readonly struct ArmDance
    {
        private readonly ArmPose low;
        private readonly ArmPose high;
        private readonly float phase;

        public ArmDance(ref SeededRandom random)
        {
            low = Draw(ref random, 15, 70);
            high = Draw(ref random, 50, 150);
            phase = random.Uniform(0, MathF.Tau);
        }

        public ArmPose At(float step) => ArmPose.Lerp(low, high, 0.5f + 0.5f * MathF.Sin(step + phase));

        private static ArmPose Draw(ref SeededRandom random, float lowest, float highest) =>
            ArmPose.Degrees(random.Uniform(lowest, highest), random.Uniform(-10, 40), random.Uniform(15, 105), random.Uniform(0, 120));
    }
}
