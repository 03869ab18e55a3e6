namespace KeypointMl.Training;

/// <summary>What <see cref="Quickstart"/> is asked for.</summary>
public sealed record QuickstartOptions
{
    /// <summary>Where everything is written; must not hold a run already.</summary>
    public string OutputFolder { get; init; } = "quickstart";

    /// <summary>Roughly how long the training of both runs may take together, in minutes; at least 0.5.</summary>
    public double Minutes { get; init; } = 6.5;

    /// <summary>Seed of the puppets and of training.</summary>
    public ulong Seed { get; init; } = 1;
}
