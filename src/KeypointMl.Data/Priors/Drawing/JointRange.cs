namespace KeypointMl.Data.Priors.Drawing;

/// <summary>How far a bone may turn and stretch from its pose in the template.</summary>
/// <param name="Low">The smallest turn against the bone before it, in degrees; clockwise in the picture counts up.</param>
/// <param name="High">The largest.</param>
/// <param name="Length">The largest relative change of its length: 0.1 is 0.9 to 1.1.</param>
public readonly record struct JointRange(float Low, float High, float Length)
{
    /// <summary>What holds where nothing is said: ±15°, ±8 %.</summary>
    public static JointRange Default { get; } = new(-15, 15, 0.08f);

    /// <summary>The range of the bone on the other side of the body.</summary>
    internal JointRange Mirrored() => new(-High, -Low, Length);
}
