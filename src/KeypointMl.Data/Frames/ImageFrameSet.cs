using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>Image files, each resized as a whole to one frame: decoded when first read, then kept in memory as long as there is room.</summary>
public sealed class ImageFrameSet : IFrameSet
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
            throw new ArgumentException($"There are {files.Count} files and {clips.Sum(clip => clip.Length)} frames in clips; the numbers must be equal.", nameof(clips));
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
    /// <remarks>Reads the image's header for its size.</remarks>
    public FrameId GetId(int index)
    {
        lock (boxes)
        {
            if (boxes[index] is not Box box)
            {
                (int width, int height) = ImageDecoder.ReadSize(files[index].Path);
                boxes[index] = box = Box.WholeImage(width, height);
            }
            return new FrameId(files[index].Name, 0, "", box);
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
        using (var image = EncodedImage.Open(files[index].Path))
            image.Crop(Box.WholeImage(image.Width, image.Height), destination, Width, Height);
        if (Interlocked.Add(ref memoryLeft, -frameBytes) < 0)
            Interlocked.Add(ref memoryLeft, frameBytes);
        else if (Interlocked.CompareExchange(ref cache[index], destination[..frameBytes].ToArray(), null) is not null)
            Interlocked.Add(ref memoryLeft, frameBytes); // Another thread was faster.
    }

    /// <summary>Lets the kept frames go.</summary>
    public void Dispose() => Array.Clear(cache);
}
