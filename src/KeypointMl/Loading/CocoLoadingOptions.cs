namespace KeypointMl;

/// <summary>What <c>LoadFromCoco</c> takes out of a file.</summary>
public sealed record CocoLoadingOptions
{
    /// <summary>The name or id of the category whose annotations are loaded; null for all categories with keypoints, which must be the same ones.</summary>
    public string? Category { get; init; }

    /// <summary>The most pixels that are decoded from one image; 0 for the default of <see cref="Data.ImageDecoderOptions"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxPixels));
            field = value;
        }
    }
}
