using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Data.Formats.Tables;

/// <summary>
/// The images of a video that are embedded in a SLEAP package (<c>.pkg.slp</c>): a data set with a PNG or JPEG for
/// each frame.
/// </summary>
/// <param name="Path">The package.</param>
/// <param name="Dataset">The data set of the images.</param>
/// <param name="IsBgr">
/// Whether the images have blue where others have red, as OpenCV leaves them: the file says so, or is of a format from before files
/// did.
/// </param>
internal sealed record SleapPackage(string Path, string Dataset, bool IsBgr)
{
    private const long MaxBytes = 1L << 30;
    private const double FirstFormatOfOrders = 1.4;

    private readonly Lock gate = new();
    private readonly Dictionary<long, int> index = [];

    /// <summary>The images of a video; null where the file has none.</summary>
    internal static SleapPackage? Find(Hdf5Source source, string dataset, string group)
    {
        if (source.Find(dataset) is not Hdf5Dataset images
            || images.Type.Class is not (Hdf5Class.Variable or Hdf5Class.Integer) || images.Space.Dimensions.Count == 0)
            return null;
        // As sleap-io takes them: packages were written with OpenCV, before they said in which order.
        double format = source.Find("metadata")?.Attribute("format_id")?.Number() ?? 1;
        bool isBgr = images.Attribute("channel_order")?.Text() is string order ? order == "BGR" : format < FirstFormatOfOrders;
        var package = new SleapPackage(source.Path, dataset, isBgr);
        string numbersName = $"{group}/frame_numbers";
        double[]? numbers = source.Find(numbersName) is Hdf5Dataset frames ? source.Doubles(frames) : null;
        long count = numbers?.Length ?? images.Space.Dimensions[0];
        if (count > images.Space.Dimensions[0])
            throw source.Error(numbersName, $"has {count} numbers for {images.Space.Dimensions[0]} images");
        source.Take(count * (sizeof(long) + sizeof(int)), numbersName);
        for (int i = 0; i < count; i++)
            package.index.TryAdd(numbers is null ? i : (long)numbers[i], i);
        return package;
    }

    /// <summary>The image of a frame of the video that the images were taken from; null where it is not embedded.</summary>
    internal EmbeddedImage? Image(long frame) => index.TryGetValue(frame, out int i) ? new EmbeddedImage(this, i, frame) : null;

    /// <summary>Reads an image's file out of the package.</summary>
    internal byte[] Read(int image)
    {
        // A reader at a time: what was read of the package's structure is not kept, and need not be twice in memory.
        lock (gate)
        {
            using var source = Hdf5Source.Open(Path, MaxBytes);
            Hdf5Dataset images = source.Dataset(Dataset);
            byte[] stored = images.ReadRow(image);
            if (images.Type.Class == Hdf5Class.Variable)
                return images.Values.VariableBytes(stored);
            return images.Type.Size == 1 && images.Space.Dimensions.Count == 2
                ? stored
                : throw images.Error("holds pixels; packages with PNG or JPEG are read. Save the package again with 'embed' "
                    + "and the format 'png', or name the video in the split ('video:')");
        }
    }
}

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
