using System.Numerics;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>
/// A person's way of doing something: posture as a function of time. A derived class draws its style in the constructor
/// and describes one side; a coin decides whether the person does it the other way round.
/// </summary>
internal abstract class PuppetMotion
{
    /// <summary>The largest yaw without full turns.</summary>
    public static readonly float YawLimit = Angle.Degrees(50);

    private readonly bool mirrored;
    private readonly bool fullTurn;
    private readonly float heading;
    private readonly float spineHabit;
    private readonly Sway yawSway;
    private readonly Sway rollSway;
    private readonly Sway headSway;
    private readonly Sway armSway;

    /// <summary>Draws what all motions have: a heading, a side and small unrest.</summary>
    /// <param name="random">The motion's stream.</param>
    /// <param name="fullTurn">Whether any heading is allowed.</param>
    /// <param name="headingDegrees">The person's heading is drawn within ± this.</param>
    protected PuppetMotion(ref SeededRandom random, bool fullTurn, float headingDegrees)
    {
        this.fullTurn = fullTurn;
        mirrored = random.Chance(0.5);
        float range = fullTurn ? MathF.PI : Angle.Degrees(headingDegrees);
        heading = random.Uniform(-range, range);
        spineHabit = Angle.Degrees(random.Uniform(-3, 6));
        yawSway = new Sway(ref random);
        rollSway = new Sway(ref random);
        headSway = new Sway(ref random, 0.25f);
        armSway = new Sway(ref random, 0.5f);
    }

    public static PuppetMotion Draw(PuppetAction action, ref SeededRandom random, bool fullTurn) => action switch
    {
        PuppetAction.Walk => new WalkMotion(ref random, fullTurn),
        PuppetAction.Wave => new WaveMotion(ref random, fullTurn),
        PuppetAction.Reach => new ReachMotion(ref random, fullTurn),
        PuppetAction.Squat => new SquatMotion(ref random, fullTurn),
        PuppetAction.Lean => new LeanMotion(ref random, fullTurn),
        PuppetAction.Jump => new JumpMotion(ref random, fullTurn),
        PuppetAction.Turn => new TurnMotion(ref random, fullTurn),
        PuppetAction.Kick => new KickMotion(ref random, fullTurn),
        PuppetAction.Dance => new DanceMotion(ref random, fullTurn),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not one of the actions."),
    };

    /// <summary>The posture at a time.</summary>
    public Posture At(float seconds)
    {
        Posture posture = Perform(seconds);
        if (mirrored)
            posture = posture.Mirror();
        float yaw = posture.Yaw + heading + Angle.Degrees(5) * yawSway.At(seconds);
        float roll = Angle.Degrees(2.5f) * rollSway.At(seconds);
        float unrest = Angle.Degrees(4) * armSway.At(seconds);
        posture.Yaw = fullTurn ? yaw : Math.Clamp(yaw, -YawLimit, YawLimit);
        posture.SpineRoll += roll;
        posture.SpinePitch += spineHabit;
        posture.HeadYaw += Angle.Degrees(14) * headSway.At(seconds);
        posture.HeadRoll -= 0.6f * (roll + posture.SpineRoll / 2);
        posture.LeftArm = posture.LeftArm with
        {
            Abduction = posture.LeftArm.Abduction + unrest,
            Elbow = MathF.Max(0, posture.LeftArm.Elbow - unrest),
        };
        posture.RightArm = posture.RightArm with
        {
            Abduction = posture.RightArm.Abduction - unrest / 2,
            Elbow = MathF.Max(0, posture.RightArm.Elbow + unrest),
        };
        // Travel is in the person's own directions: forward is where it heads.
        (float sin, float cos) = MathF.SinCos(posture.Yaw);
        posture.Travel = new Vector2(cos * posture.Travel.X + sin * posture.Travel.Y, cos * posture.Travel.Y - sin * posture.Travel.X);
        return posture;
    }

    /// <summary>The motion alone: relative to the heading, not mirrored; travel x to the person's left, y forward.</summary>
    protected abstract Posture Perform(float seconds);

    /// <summary>0 → 1 → 0 with the given phase in turns: smooth at both ends.</summary>
    protected static float Cycle(float turns) => 0.5f - 0.5f * MathF.Cos(MathF.Tau * turns);

    /// <summary>0 → 1 while <paramref name="t"/> goes from 0 to 1, smooth at both ends, constant outside.</summary>
    protected static float Ease(float t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * t * (t * (6 * t - 15) + 10);
    }
}

/// <summary>Motions are written in degrees and computed in radians.</summary>
internal static class Angle
{
    public static float Degrees(float degrees) => degrees * (MathF.PI / 180);
}

/// <summary>A smooth, never quite repeating signal in [−1,1]: what keeps a standing person from being a statue.</summary>
internal readonly struct Sway
{
    private readonly float slowRate;
    private readonly float slowPhase;
    private readonly float fastRate;
    private readonly float fastPhase;

    public Sway(ref SeededRandom random, float hertz = 0.35f)
    {
        slowRate = MathF.Tau * hertz * random.Uniform(0.7f, 1.3f);
        slowPhase = random.Uniform(0, MathF.Tau);
        fastRate = slowRate * random.Uniform(1.7f, 2.6f);
        fastPhase = random.Uniform(0, MathF.Tau);
    }

    public float At(float seconds) => 0.68f * MathF.Sin(slowRate * seconds + slowPhase) + 0.32f * MathF.Sin(fastRate * seconds + fastPhase);
}
