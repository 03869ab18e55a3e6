using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>Waving with a raised right hand, sometimes with both; the arm may rise from hanging at first.</summary>
internal sealed class WaveMotion : PuppetMotion
{
    private readonly float rate;
    private readonly float swing;
    private readonly float start;
    private readonly ArmPose raised;
    private readonly ArmPose resting;
    private readonly bool both;
    private readonly bool wholeArm;
    private readonly float hipSway;

    public WaveMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 35)
    {
        rate = MathF.Tau * random.Uniform(0.9f, 1.7f);
        swing = Angle.Degrees(random.Uniform(14, 32));
        start = random.Uniform(-1.5f, 1.2f);
        wholeArm = random.Chance(0.4);
        raised = wholeArm
            ? ArmPose.Degrees(random.Uniform(115, 160), random.Uniform(-10, 15), random.Uniform(10, 35), 10)
            : ArmPose.Degrees(random.Uniform(60, 120), random.Uniform(-5, 25), random.Uniform(60, 105), random.Uniform(0, 25));
        resting = ArmPose.DrawResting(ref random);
        both = random.Chance(0.25);
        hipSway = random.Uniform(0.005f, 0.03f);
    }

    protected override Posture Perform(float seconds)
    {
        float wave = MathF.Sin(rate * seconds);
        ArmPose waving = wholeArm
            ? raised with { Abduction = raised.Abduction + swing * wave }
            : raised with { Elbow = raised.Elbow + swing * wave, Abduction = raised.Abduction + 0.3f * swing * wave };
        ArmPose arm = ArmPose.Lerp(ArmPose.Hanging, waving, Ease((seconds - start) / 0.7f));
        float sway = MathF.Sin(rate / 3 * seconds);
        return new Posture
        {
            Travel = new Vector2(hipSway * sway, 0),
            PelvisRoll = hipSway * 2 * sway,
            SpineRoll = Angle.Degrees(-3) + Angle.Degrees(4) * sway,
            RightArm = arm,
            LeftArm = both ? arm : resting,
            LeftLeg = LegPose.Degrees(5, 3, 6),
            RightLeg = LegPose.Degrees(5, 3, 6),
        };
    }
}
