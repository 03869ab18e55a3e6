using System.Buffers;
using System.Runtime.InteropServices;

namespace KeypointMl.Data;

/// <summary>
/// Memory for an image while it is worked on. As a rule it is rented, so that many images allocate next to nothing; what is
/// large comes from the system and goes back there, so that a few large
/// images do not stay as large arrays in the pool.
/// </summary>
internal struct ImageMemory : IDisposable
{
    private const int LargestRented = 32 << 20;

    private readonly int length;
    private byte[]? rented;
    private nint pointer;

    private ImageMemory(int length)
    {
        this.length = length;
        if (length <= LargestRented)
            rented = ArrayPool<byte>.Shared.Rent(length);
        else
            pointer = Allocate(length);
    }

    /// <summary>The bytes; their content is left over from others.</summary>
    public readonly unsafe Span<byte> Span => rented is null ? new Span<byte>((void*)pointer, length) : rented.AsSpan(0, length);

    /// <param name="length">How many bytes.</param>
    /// <exception cref="OutOfMemoryException">There are not as many.</exception>
    public static ImageMemory Of(int length) => new(length);

    public unsafe void Dispose()
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        else
            NativeMemory.Free((void*)pointer);
        (rented, pointer) = (null, 0);
    }

    private static unsafe nint Allocate(int length) => (nint)NativeMemory.Alloc((nuint)length);
}
