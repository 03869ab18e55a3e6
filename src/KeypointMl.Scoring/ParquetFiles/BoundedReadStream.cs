namespace KeypointMl.Scoring.ParquetFiles;

/// <summary>
/// A file for a library that reads on at the end of what there is: the end is an exception, and so is reading more
/// altogether than was allowed, which ends a loop over the same bytes.
/// </summary>
/// <param name="inner">The file; disposed with this.</param>
internal sealed class BoundedReadStream(Stream inner) : Stream
{
    private long allowed;

    /// <summary>Allows so many further bytes to be read, and no more.</summary>
    public void Allow(long bytes) => allowed = bytes;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => inner.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file ends, or more is read than was allowed.</exception>
    public override int Read(Span<byte> buffer) => Count(buffer.Length, inner.Read(buffer));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file ends, or more is read than was allowed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(buffer.Length, await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int asked, int read)
    {
        if (asked > 0 && read == 0)
            throw new InvalidDataException("it ends too early");
        allowed -= read;
        return allowed >= 0 ? read : throw new InvalidDataException("its parts refer to the same bytes again and again");
    }
}
