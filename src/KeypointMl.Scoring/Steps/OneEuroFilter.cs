namespace KeypointMl.Scoring;

/// <summary>The 1€ filter of one coordinate over time (see <see cref="OneEuroSmoothing"/>). A value that is missing (NaN) stays so and is passed over.</summary>
internal sealed class OneEuroFilter(OneEuroSmoothing settings)
{
    private long frame = -1;
    private double value;
    private double speed;

    public float Next(long nextFrame, float measured)
    {
        if (!float.IsFinite(measured))
            return measured;
        if (frame < 0)
        {
            (frame, value) = (nextFrame, measured);
            return measured;
        }
        double seconds = (nextFrame - frame) / settings.Rate;
        speed += Weight(settings.DerivativeCutoff, seconds) * ((measured - value) / seconds - speed);
        value += Weight(settings.MinimumCutoff + settings.Beta * Math.Abs(speed), seconds) * (measured - value);
        frame = nextFrame;
        return (float)value;
    }

    // The paper's α = 1/(1 + τ/Te) with τ = 1/(2πfc).
    private static double Weight(double cutoff, double seconds) => 1 / (1 + 1 / (2 * Math.PI * cutoff * seconds));
}
