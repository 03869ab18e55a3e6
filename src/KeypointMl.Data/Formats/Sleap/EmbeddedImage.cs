namespace KeypointMl.Data;

/// <summary>An image inside a file of labels.</summary>
/// <param name="Package">The file and the data set that it is in.</param>
/// <param name="Index">Its number in the data set.</param>
/// <param name="Frame">The number of the frame in the video that it was taken from.</param>
internal sealed record EmbeddedImage(SleapPackage Package, int Index, long Frame)
{
    /// <summary>What it is called in messages.</summary>
    internal string Name => $"{Package.Path}: {Package.Dataset}[{Index}]";

    internal EncodedImage Open() => EncodedImage.Open(Package.Read(Index), Name);

    /// <summary>Puts the channels of a picture of it into the order red, green, blue.</summary>
    internal void OrderChannels(Span<byte> rgb)
    {
        for (int i = 0; Package.IsBgr && i + 2 < rgb.Length; i += 3)
            (rgb[i], rgb[i + 2]) = (rgb[i + 2], rgb[i]);
    }
}
