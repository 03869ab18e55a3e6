namespace KeypointMl.Poses;

/// <summary>What an error in percent of the image is a percentage of.</summary>
public enum ImageUnit
{
    /// <summary>max(width, height) in pixels.</summary>
    Size,

    /// <summary>max(width, height) − 1: from the centre of the first pixel to that of the last, as where poses are in [0,1] (the authors' evaluation of Simplified Human3.6M).</summary>
    Span,
}
