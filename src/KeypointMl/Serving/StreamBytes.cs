using System.Buffers;
using System.Runtime.InteropServices;

namespace KeypointMl.Serving;

/// <summary>All bytes of a stream. They are outside the managed heap and go back to the system at once: a burst of uploads
/// leaves nothing behind.</summary>
internal sealed class StreamBytes : MemoryManager<byte>
{
    private const int FirstBytes = 64 << 10;

    private readonly ByteBudget.Share share;
    private nint pointer;
    private int capacity;
    private int length;

    private StreamBytes(ByteBudget.Share share) => this.share = share;

    public ReadOnlyMemory<byte> Bytes => Memory[..length];

    /// <exception cref="InvalidDataException">There are more bytes than <paramref name="limit"/>.</exception>
    public static async ValueTask<StreamBytes> ReadAsync(Stream stream, int limit, ByteBudget budget, CancellationToken cancellation)
    {
        var bytes = new StreamBytes(budget.Open());
        try
        {
            while (true)
            {
                if (bytes.length == bytes.capacity)
                    await bytes.GrowAsync(limit, cancellation).ConfigureAwait(false);
                int read = await stream.ReadAsync(bytes.Memory[bytes.length..], cancellation).ConfigureAwait(false);
                if (read == 0)
                    return bytes;
                bytes.length += read;
                if (bytes.length > limit)
                    throw DecodeLimits.TooLarge("The stream", limit);
            }
        }
        catch
        {
            ((IDisposable)bytes).Dispose();
            throw;
        }
    }

    public override unsafe Span<byte> GetSpan() => new((void*)pointer, capacity);

    public override unsafe MemoryHandle Pin(int elementIndex = 0) => new((byte*)pointer + elementIndex);

    public override void Unpin()
    {
    }

    protected override unsafe void Dispose(bool disposing)
    {
        NativeMemory.Free((void*)pointer);
        (pointer, capacity, length) = (0, 0, 0);
        share.Dispose();
    }

    // To the limit and one byte more, by which it shows that there are too many.
    private async ValueTask GrowAsync(int limit, CancellationToken cancellation)
    {
        long larger = Math.Min(Math.Max(FirstBytes, 2L * capacity), limit + 1L);
        await share.TakeAsync(larger - capacity, cancellation).ConfigureAwait(false);
        Resize((int)Math.Min(larger, int.MaxValue));
    }

    private unsafe void Resize(int bytes)
    {
        pointer = (nint)NativeMemory.Realloc((void*)pointer, (nuint)bytes);
        capacity = bytes;
    }
}
