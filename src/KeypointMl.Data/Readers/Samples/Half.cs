namespace KeypointMl.Data;

/// <summary>Which half of a sequence a split takes: training images and prior poses come from different halves.</summary>
internal enum Half
{
    /// <summary>All of it.</summary>
    All,

    /// <summary>The first half; of an odd number the middle one is not in it.</summary>
    First,

    /// <summary>The rest.</summary>
    Second,
}
