using System.Buffers;

namespace KeypointMl.Data;

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
