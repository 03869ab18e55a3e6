namespace KeypointMl.Data.Puppets.Motion;

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
