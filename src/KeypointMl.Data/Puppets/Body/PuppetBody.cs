namespace KeypointMl.Data.Puppets.Body;

/// <summary>A person's proportions, in units of the standing height of an average adult.</summary>
internal sealed record PuppetBody
{
    public required float HeadRadius { get; init; }

    /// <summary>From the neck's base to the head's centre.</summary>
    public required float NeckLength { get; init; }

    /// <summary>From the pelvis to the neck's base.</summary>
    public required float SpineLength { get; init; }

    public required float ShoulderHalfWidth { get; init; }

    public required float HipHalfWidth { get; init; }

    public required float UpperArm { get; init; }

    public required float Forearm { get; init; }

    public required float Thigh { get; init; }

    public required float Shank { get; init; }

    /// <summary>Thickness of trunk and limbs, 1 for average.</summary>
    public required float Girth { get; init; }

    public const float AnkleHeight = 0.045f;

    public static PuppetBody Draw(ref SeededRandom random)
    {
        float headRadius = 0.078f * random.Uniform(0.92f, 1.18f);
        float legs = random.Uniform(0.88f, 1.08f);
        float arms = random.Uniform(0.92f, 1.08f);
        return new PuppetBody
        {
            HeadRadius = headRadius,
            NeckLength = 0.024f + headRadius * random.Uniform(0.95f, 1.1f),
            SpineLength = 0.29f * random.Uniform(0.92f, 1.08f),
            ShoulderHalfWidth = 0.118f * random.Uniform(0.85f, 1.15f),
            HipHalfWidth = 0.062f * random.Uniform(0.88f, 1.2f),
            UpperArm = 0.17f * arms,
            Forearm = 0.155f * arms * random.Uniform(0.95f, 1.05f),
            Thigh = 0.245f * legs,
            Shank = 0.235f * legs * random.Uniform(0.96f, 1.04f),
            Girth = random.Uniform(0.82f, 1.28f),
        };
    }
}
