namespace KeypointMl.Data.Formats.Json;

/// <summary>Reads a stream whose length is a claim: memory is taken only as bytes really come.</summary>
internal static class GrowingRead
{
    private const int FirstBuffer = 1 << 16;

    /// <summary>All bytes of a stream; null where there are more than <paramref name="most"/>.</summary>
    internal static byte[]? AtMost(Stream stream, long most)
    {
        byte[] buffer = new byte[Math.Min(most, FirstBuffer)];
        int filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                // Only by asking for one byte more is the end reached, where a compressed stream has its checksum.
                int next = stream.ReadByte();
                if (next < 0)
                    return buffer;
                if (filled >= most)
                    return null;
                Array.Resize(ref buffer, (int)Math.Min(most, 2L * buffer.Length));
                buffer[filled++] = (byte)next;
            }
            int read = stream.Read(buffer, filled, buffer.Length - filled);
            if (read == 0 && filled < buffer.Length)
                return buffer[..filled];
            filled += read;
        }
    }
}
