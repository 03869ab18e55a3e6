namespace KeypointMl.Data;

/// <summary>What a number in a BVH frame means.</summary>
public enum BvhChannel
{
    /// <summary>Position along x, instead of the offset's.</summary>
    Xposition,

    /// <summary>Position along y, instead of the offset's.</summary>
    Yposition,

    /// <summary>Position along z, instead of the offset's.</summary>
    Zposition,

    /// <summary>Rotation about x in degrees.</summary>
    Xrotation,

    /// <summary>Rotation about y in degrees.</summary>
    Yrotation,

    /// <summary>Rotation about z in degrees.</summary>
    Zrotation,
}
