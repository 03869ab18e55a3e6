using System.Buffers;
using System.Runtime.InteropServices;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// Memory for an image while it is worked on. It is used again for the next ones, so that many images allocate next to nothing: what is
/// small is an array of the shared pool, of which every thread may keep some; what is large is a block of <see cref="ImageBlocks"/>,
/// which keeps few for all of them.
/// </summary>
internal struct ImageMemory : IDisposable
{
    private const int LargestArray = 1 << 20;

    private readonly int length;
    private byte[]? rented;
    private ImageBlocks.Block block;

    private ImageMemory(int length)
    {
        this.length = length;
        if (length <= LargestArray)
            rented = ArrayPool<byte>.Shared.Rent(length);
        else
            block = ImageBlocks.Rent(length);
    }

    /// <summary>The bytes; their content is left over from others.</summary>
    public readonly unsafe Span<byte> Span => rented is null ? new Span<byte>((void*)block.Pointer, length) : rented.AsSpan(0, length);

    /// <param name="length">How many bytes.</param>
    /// <exception cref="OutOfMemoryException">There are not as many.</exception>
    public static ImageMemory Of(int length) => new(length);

    /// <summary>Keeps the bytes in their place until the handle is disposed of.</summary>
    public readonly unsafe MemoryHandle Pin() => rented is null ? new MemoryHandle((void*)block.Pointer) : rented.AsMemory().Pin();

    public void Dispose()
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        else if (block.Pointer != 0)
            ImageBlocks.Return(block);
        (rented, block) = (null, default);
    }
}

/// <summary>
/// Large blocks of memory outside the managed heap. Those that were given back are kept for the next ones up to a sum for the whole
/// process; the others go back to the system at once, so that a burst of large images leaves no more than that behind. The shared pool of
/// arrays has no such bound: every thread that gave one back may keep it.
/// </summary>
internal static class ImageBlocks
{
    /// <summary>The most bytes that are kept while nobody uses them.</summary>
    internal const long MaxKept = 64L << 20;

    private static readonly Lock Gate = new();
    private static readonly List<Block> Idle = [];
    private static long kept;

    /// <summary>A block.</summary>
    /// <param name="Pointer">Where it begins.</param>
    /// <param name="Bytes">How many bytes it has.</param>
    internal readonly record struct Block(nint Pointer, long Bytes);

    /// <summary>How many bytes are kept now.</summary>
    internal static long Kept
    {
        get
        {
            lock (Gate)
                return kept;
        }
    }

    /// <summary>A block that nobody else uses; its content is left over from others.</summary>
    /// <param name="length">The least that it has, in bytes.</param>
    /// <exception cref="OutOfMemoryException">There are not as many.</exception>
    internal static unsafe Block Rent(int length)
    {
        lock (Gate)
        {
            // The last one given back is the warmest. One of more than twice the length would be missed by those that need it.
            int found = Idle.FindLastIndex(block => block.Bytes >= length && block.Bytes / 2 <= length);
            if (found >= 0)
            {
                Block block = Idle[found];
                Idle.RemoveAt(found);
                kept -= block.Bytes;
                return block;
            }
        }
        return new Block((nint)NativeMemory.Alloc((nuint)length), length);
    }

    /// <summary>Gives a block back. Where too much would be kept, those go that were not used for longest.</summary>
    internal static unsafe void Return(Block returned)
    {
        lock (Gate)
        {
            Idle.Add(returned);
            kept += returned.Bytes;
            while (kept > MaxKept)
            {
                kept -= Idle[0].Bytes;
                NativeMemory.Free((void*)Idle[0].Pointer);
                Idle.RemoveAt(0);
            }
        }
    }
}
