namespace KeypointMl.Data.Formats.Mat;

/// <summary>The next bytes of a stream, and no more of it. Disposing it leaves the stream open.</summary>
internal sealed class BoundedStream(Stream inner, long length) : Stream
{
    private long left = length;

    /// <summary>Whether reading the other stream failed.</summary>
    internal bool Failed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        Failed = true;
        int read = inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        Failed = false;
        left -= read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
