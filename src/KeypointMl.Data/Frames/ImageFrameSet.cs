using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Frames;

/// <summary>
/// Image files, each of them or a box of it resized to one frame, masked where it has a mask: decoded when first
/// read, then kept in memory as long as there is room.
/// </summary>
public sealed class ImageFrameSet : IFrameSet, ISourceFiles
{
    private readonly IReadOnlyList<ImageFile> files;
    private readonly byte[]?[] cache;
    private readonly Box?[] boxes;
    private readonly int frameBytes;
    private long memoryLeft;

    /// <summary>Frames of the given files; none is opened yet.</summary>
    /// <param name="files">The files in clip order.</param>
    /// <param name="clips">The clips; together they cover all files in order.</param>
    /// <param name="width">Width of every frame in pixels.</param>
    /// <param name="height">Height of every frame in pixels.</param>
    /// <param name="memoryBytes">How many bytes of decoded frames to keep; frames beyond are decoded at every read.</param>
    /// <exception cref="ArgumentException">The clips cover another number of frames than there are files.</exception>
    public ImageFrameSet(IReadOnlyList<ImageFile> files, IReadOnlyList<Clip> clips, int width, int height, long memoryBytes)
    {
        if (clips.Sum(clip => clip.Length) != files.Count)
        {
            throw new ArgumentException(
                $"There are {files.Count} files and {clips.Sum(clip => clip.Length)} frames in clips; the numbers must be equal.",
                nameof(clips));
        }
        this.files = files;
        Clips = clips;
        Width = width;
        Height = height;
        frameBytes = checked(width * height * 3);
        memoryLeft = memoryBytes;
        cache = new byte[files.Count][];
        boxes = new Box?[files.Count];
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Count => files.Count;

    /// <inheritdoc/>
    public IReadOnlyList<Clip> Clips { get; }

    /// <inheritdoc/>
    IEnumerable<string> ISourceFiles.SourceFiles => files
        .Select(file => file.Embedded?.Package.Path ?? file.Path)
        .Concat(files.Select(file => file.Mask).OfType<string>());

    /// <inheritdoc/>
    /// <remarks>Reads the image's header for its size where the whole image is the frame.</remarks>
    public FrameId GetId(int index)
    {
        lock (boxes)
        {
            if ((boxes[index] ?? files[index].Box) is not Box box)
            {
                boxes[index] = box = WholeImage(files[index]);
            }
            return new FrameId(files[index].Name, files[index].Embedded?.Frame ?? 0, files[index].Item ?? "", box);
        }
    }

    /// <inheritdoc/>
    public void Read(int index, Span<byte> destination)
    {
        if (Volatile.Read(ref cache[index]) is byte[] cached)
        {
            cached.CopyTo(destination);
            return;
        }
        using (EncodedImage image = files[index].Open())
        {
            Box box = files[index].Box ?? Box.WholeImage(image.Width, image.Height);
            if (!box.Overlaps(image.Width, image.Height))
            {
                throw new InvalidDataException($"Image {files[index].Embedded?.Name ?? files[index].Path} is "
                    + $"{image.Width}×{image.Height}; nothing of its box ({box.X}, {box.Y}, {box.Width}×{box.Height}) lies in it.");
            }
            if (files[index].Mask is string mask)
                CropMasked(image.Decode(), mask, box, destination);
            else
                image.Crop(box, destination, Width, Height);
            files[index].Embedded?.OrderChannels(destination);
        }
        if (Interlocked.Add(ref memoryLeft, -frameBytes) < 0)
            Interlocked.Add(ref memoryLeft, frameBytes);
        else if (Interlocked.CompareExchange(ref cache[index], destination[..frameBytes].ToArray(), null) is not null)
            Interlocked.Add(ref memoryLeft, frameBytes); // Another thread was faster.
    }

    /// <summary>Lets the kept frames go.</summary>
    public void Dispose() => Array.Clear(cache);

    private static Box WholeImage(ImageFile file)
    {
        if (file.Embedded is null)
        {
            (int width, int height) = ImageDecoder.ReadSize(file.Path);
            return Box.WholeImage(width, height);
        }
        using EncodedImage image = file.Open();
        return Box.WholeImage(image.Width, image.Height);
    }

    private void CropMasked(RgbImage image, string mask, Box box, Span<byte> destination)
    {
        ImageMask.Apply(image, ImageDecoder.Decode(mask), mask);
        ImageCropper.Crop(image.Pixels, image.Width, image.Height, box, destination, Width, Height);
    }
}

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
