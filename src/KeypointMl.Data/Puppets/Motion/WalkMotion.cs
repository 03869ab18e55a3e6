using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Walking, or marching with high knees; the camera follows only partly.</summary>
internal sealed class WalkMotion : PuppetMotion
{
    private readonly float rate;
    private readonly float phase;
    private readonly float stride;
    private readonly float knee;
    private readonly float lift;
    private readonly float armSwing;
    private readonly float elbow;
    private readonly float speed;

    public WalkMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 50)
    {
        bool march = random.Chance(0.35);
        rate = MathF.Tau * random.Uniform(0.6f, 1.1f);
        phase = random.Uniform(0, MathF.Tau);
        stride = Angle.Degrees(march ? random.Uniform(20, 30) : random.Uniform(20, 34));
        lift = Angle.Degrees(march ? random.Uniform(25, 50) : random.Uniform(4, 12));
        knee = Angle.Degrees(march ? random.Uniform(60, 95) : random.Uniform(40, 62));
        armSwing = Angle.Degrees(random.Uniform(18, 48));
        elbow = Angle.Degrees(random.Chance(0.3) ? random.Uniform(60, 95) : random.Uniform(14, 40));
        speed = random.Uniform(0.02f, 0.22f);
    }

    protected override Posture Perform(float seconds)
    {
        float step = rate * seconds + phase;
        float sin = MathF.Sin(step);
        return new Posture
        {
            Travel = new Vector2(0.012f * sin, speed * seconds),
            SpinePitch = Angle.Degrees(4),
            SpineTwist = Angle.Degrees(7) * sin,
            SpineRoll = Angle.Degrees(2) * sin,
            PelvisRoll = Angle.Degrees(3) * MathF.Cos(step),
            LeftLeg = Leg(step),
            RightLeg = Leg(step + MathF.PI),
            LeftArm = Arm(-sin),
            RightArm = Arm(sin),
        };
    }

    // While the thigh swings forward (cosine positive) the knee bends to clear the ground.
    private LegPose Leg(float step)
    {
        float swing = MathF.Max(0, MathF.Cos(step - 0.35f));
        return new LegPose(Angle.Degrees(3), stride * MathF.Sin(step) + lift * swing, Angle.Degrees(6) + knee * swing * swing);
    }

    private ArmPose Arm(float swing) =>
        new(Angle.Degrees(9), armSwing * swing, elbow + 0.35f * armSwing * MathF.Max(0, swing), Angle.Degrees(100));
}
