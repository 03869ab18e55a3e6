using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>
/// Reaching from one place to the next, high, low, forward and to the side; the trunk follows, the knees bend for low
/// things.
/// </summary>
internal sealed class ReachMotion : PuppetMotion
{
    private const int KeyCount = 6;
    private readonly Key[] keys = new Key[KeyCount];
    private readonly float secondsPerKey;
    private readonly float offset;

    public ReachMotion(ref SeededRandom random, bool fullTurn)
        : base(ref random, fullTurn, 35)
    {
        secondsPerKey = random.Uniform(0.65f, 1.1f);
        offset = random.Uniform(0, 1);
        ArmPose resting = ArmPose.DrawResting(ref random);
        bool twoHanded = random.Chance(0.35);
        for (int i = 0; i < KeyCount; i++)
        {
            float height = random.Uniform(-1, 1);
            float aside = random.Uniform(0, 1);
            var arm = ArmPose.Degrees(
                float.Lerp(10, 80, aside) + MathF.Max(0, height) * 70, float.Lerp(80, 5, aside) + MathF.Min(0, height) * 45,
                random.Uniform(2, 40), random.Uniform(40, 95));
            keys[i] = new Key(
                arm,
                twoHanded ? arm.Vary(ref random, 14) : resting.Vary(ref random, 10),
                Angle.Degrees(MathF.Max(0, -height) * random.Uniform(10, 50)),
                Angle.Degrees(aside * random.Uniform(5, 24)),
                Angle.Degrees(random.Uniform(-12, 22)),
                MathF.Max(0, -height) * random.Uniform(0, 0.7f));
        }
    }

    protected override Posture Perform(float seconds)
    {
        float position = seconds / secondsPerKey + offset;
        int index = (int)position;
        Key from = keys[index % KeyCount];
        Key to = keys[(index + 1) % KeyCount];
        float t = Ease((position - index) * 1.25f);
        float crouch = float.Lerp(from.Crouch, to.Crouch, t);
        float roll = float.Lerp(from.Roll, to.Roll, t);
        float pitch = float.Lerp(from.Pitch, to.Pitch, t);
        var leg = LegPose.Degrees(7 + 8 * crouch, 3 + 65 * crouch, 6 + 90 * crouch);
        return new Posture
        {
            Travel = new Vector2(-0.1f * roll, 0),
            SpinePitch = pitch,
            SpineRoll = roll,
            SpineTwist = float.Lerp(from.Twist, to.Twist, t),
            HeadPitch = pitch / 3,
            RightArm = ArmPose.Lerp(from.Right, to.Right, t),
            LeftArm = ArmPose.Lerp(from.Left, to.Left, t),
            LeftLeg = leg,
            RightLeg = leg,
        };
    }

    private readonly record struct Key(ArmPose Right, ArmPose Left, float Pitch, float Roll, float Twist, float Crouch);
}
