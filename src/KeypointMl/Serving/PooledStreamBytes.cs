using System.Buffers;

namespace KeypointMl;

/// <summary>All bytes of a stream, in rented memory.</summary>
internal sealed class PooledStreamBytes : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int length;

    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <exception cref="InvalidDataException">There are more bytes than <paramref name="limit"/>.</exception>
    public static async ValueTask<PooledStreamBytes> ReadAsync(Stream stream, int limit, CancellationToken cancellation)
    {
        var bytes = new PooledStreamBytes();
        try
        {
            for (int read; (read = await stream.ReadAsync(bytes.Room(), cancellation).ConfigureAwait(false)) > 0;)
            {
                bytes.length += read;
                if (bytes.length > limit)
                    throw new InvalidDataException($"The stream has more than {limit:N0} bytes. Send a smaller image, or raise {nameof(KeypointPredictorOptions)}.{nameof(KeypointPredictorOptions.MaxEncodedBytes)}.");
            }
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    private Memory<byte> Room()
    {
        if (length == buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(checked(2 * length));
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        return buffer.AsMemory(length);
    }
}
