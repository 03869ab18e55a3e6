namespace KeypointMl.Data;

/// <summary>What the coordinates of a sample's labels are.</summary>
internal enum LabelUnit
{
    /// <summary>Pixels of the image; 0 is the centre of the first.</summary>
    Pixels,

    /// <summary>Fractions of the frame, 0 and 1 being the centres of its first and last pixel: what the networks see as −1 and 1.</summary>
    Fractions,
}
