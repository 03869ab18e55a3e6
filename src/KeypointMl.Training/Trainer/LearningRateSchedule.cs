namespace KeypointMl.Training;

/// <summary>Constant, then linear to zero.</summary>
/// <param name="Base">The rate at the start.</param>
/// <param name="Steps">The number of steps of the run.</param>
/// <param name="DecayFrom">The fraction of the steps after which the rate falls; 1 never falls (the authors).</param>
public sealed record LearningRateSchedule(double Base, long Steps, double DecayFrom)
{
    /// <summary>The rate of 0-based <paramref name="step"/>.</summary>
    public double At(long step)
    {
        double start = DecayFrom * Steps;
        return step < start ? Base : Base * Math.Max(0, (Steps - step) / (Steps - start));
    }
}
