namespace KeypointMl.Serving;

/// <summary>
/// How many bytes may be held at the same time by those who take more and more of them. Who wants more than there are waits;
/// the two that have held some for the longest time never do, so that not all can wait for each other, and not all for a
/// single one that is slow.
/// </summary>
/// <param name="limit">The number of bytes.</param>
internal sealed class ByteBudget(long limit)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Share> shares = [];

    /// <summary>How many are held.</summary>
    public long Used { get; private set; }

    /// <summary>Begins with none; given back on disposal.</summary>
    public Share Open()
    {
        var share = new Share(this);
        lock (gate)
            shares.AddLast(share);
        return share;
    }

    private ValueTask TakeAsync(Share share, long bytes, CancellationToken cancellation)
    {
        TaskCompletionSource granted;
        lock (gate)
        {
            if (TryGrant(share, bytes))
                return ValueTask.CompletedTask;
            granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (share.Wanted, share.Waiting) = (bytes, granted);
        }
        return new ValueTask(granted.Task.WaitAsync(cancellation));
    }

    private bool TryGrant(Share share, long bytes)
    {
        if (Used + bytes > limit && shares.First!.Value != share && shares.First.Next?.Value != share)
            return false;
        Used += bytes;
        share.Held += bytes;
        return true;
    }

    private void Close(Share share)
    {
        lock (gate)
        {
            if (!shares.Remove(share))
                return;
            Used -= share.Held;
            foreach (Share other in shares)
            {
                if (other.Waiting is not null && TryGrant(other, other.Wanted))
                {
                    other.Waiting.SetResult();
                    other.Waiting = null;
                }
            }
        }
    }

    /// <summary>What one of them holds.</summary>
    internal sealed class Share(ByteBudget budget) : IDisposable
    {
        public long Held { get; set; }

        public long Wanted { get; set; }

        public TaskCompletionSource? Waiting { get; set; }

        /// <summary>Takes further bytes, when there are as many.</summary>
        /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked for it; the share is to be
        /// disposed of then.</exception>
        public ValueTask TakeAsync(long bytes, CancellationToken cancellation) => budget.TakeAsync(this, bytes, cancellation);

        public void Dispose() => budget.Close(this);
    }
}
