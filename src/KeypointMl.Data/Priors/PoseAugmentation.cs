namespace KeypointMl.Data.Priors;

/// <summary>
/// How prior poses are varied each time one is drawn, so that their spread matches that of the subjects in the images.
/// All zero: not at all.
/// </summary>
public sealed record PoseAugmentation
{
    /// <summary>No variation.</summary>
    public static PoseAugmentation None { get; } = new();

    /// <summary>Rotation about the crop's centre, uniform within ± so many degrees; 180 or more is any heading; at most 360.</summary>
    public float RotationDegrees { get; init; }

    /// <summary>Scaling about the crop's centre by a factor uniform within 1 ± this; in [0,1).</summary>
    public float Scale { get; init; }

    /// <summary>Shift of each axis, uniform within ± this fraction of the crop's side.</summary>
    public float ShiftFraction { get; init; }

    /// <summary>Probability of mirroring left to right, with the skeleton's left and right keypoints exchanged; in [0,1].</summary>
    public float FlipProbability { get; init; }

    /// <summary>Standard deviation of a normal shift of each joint on its own, as a fraction of the crop's side.</summary>
    public float JointJitter { get; init; }

    /// <summary>
    /// Whether two poses are drawn and combined about the prior's mean pose: mean + cos θ·(a − mean) + sin θ·(b − mean),
    /// θ uniform in [0, π/2]. Mean and covariance stay; a few kinds of poses become a continuum of them.
    /// </summary>
    public bool Combined { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names all that are.</exception>
    public void Validate()
    {
        var wrong = new List<string>();
        Check(RotationDegrees, 0, 360, nameof(RotationDegrees));
        Check(Scale, 0, 0.99f, nameof(Scale));
        Check(ShiftFraction, 0, 1, nameof(ShiftFraction));
        Check(FlipProbability, 0, 1, nameof(FlipProbability));
        Check(JointJitter, 0, 1, nameof(JointJitter));
        if (wrong.Count > 0)
            throw new ArgumentException($"Pose augmentation: {string.Join("; ", wrong)}.");

        void Check(float value, float min, float max, string name)
        {
            if (!(value >= min && value <= max))
                wrong.Add(FormattableString.Invariant($"{name} is {value}, expected {min} to {max}"));
        }
    }
}
