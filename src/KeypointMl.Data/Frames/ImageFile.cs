using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>An image file of a frame set.</summary>
/// <param name="Path">The file to open.</param>
/// <param name="Name">Its name in messages and results, relative to the data root where there is one.</param>
/// <param name="Box">The part of it that the frame shows, in its pixels; null for the whole.</param>
/// <param name="Mask">A picture of the same size whose brightness multiplies the image's, such as a foreground mask; null for none.</param>
public readonly record struct ImageFile(string Path, string Name, Box? Box = null, string? Mask = null)
{
    /// <summary>Where the image is inside another file; null for a file of its own.</summary>
    internal EmbeddedImage? Embedded { get; init; }

    /// <summary>Which subject of the frame; empty or null where there is one.</summary>
    internal string? Item { get; init; }

    internal EncodedImage Open() => Embedded?.Open() ?? EncodedImage.Open(Path);
}
