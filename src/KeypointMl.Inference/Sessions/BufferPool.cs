namespace KeypointMl.Inference.Sessions;

/// <summary>
/// Buffers that wait for their next use, by capacity; disposing it disposes of them and of those that come back later.
/// Buffers of a few capacities are kept: those of the one that was given back longest ago go first.
/// </summary>
internal sealed class BufferPool<T>(Func<int, T> create) : IDisposable
    where T : class, IDisposable
{
    /// <summary>Of how many capacities buffers are kept.</summary>
    internal const int MostCapacities = 16;

    private readonly Lock gate = new();

    // The capacity that was given back last comes last; few, so that looking through them takes no time.
    private readonly List<(int Capacity, Stack<T> Buffers)> waiting = [];
    private bool disposed;
    private int lent;

    /// <summary>How many buffers are rented and not yet returned.</summary>
    public int Lent => Volatile.Read(ref lent);

    /// <summary>How many buffers wait.</summary>
    internal int Kept
    {
        get
        {
            lock (gate)
                return waiting.Sum(kept => kept.Buffers.Count);
        }
    }

    public T Rent(int capacity)
    {
        T buffer = Take(capacity) ?? create(capacity);
        Interlocked.Increment(ref lent);
        return buffer;
    }

    public void Return(int capacity, T buffer)
    {
        Interlocked.Decrement(ref lent);
        Stack<T>? dropped = null;
        lock (gate)
        {
            int at = IndexOf(capacity);
            Stack<T> buffers = at < 0 ? new() : waiting[at].Buffers;
            buffers.Push(buffer);
            if (at >= 0)
                waiting.RemoveAt(at);
            waiting.Add((capacity, buffers));
            if (disposed || waiting.Count > MostCapacities)
            {
                dropped = waiting[0].Buffers;
                waiting.RemoveAt(0);
            }
        }
        Drop(dropped);
    }

    public void Dispose()
    {
        (int, Stack<T> Buffers)[] all;
        lock (gate)
        {
            disposed = true;
            all = [.. waiting];
            waiting.Clear();
        }
        foreach ((_, Stack<T> buffers) in all)
            Drop(buffers);
    }

    private int IndexOf(int capacity)
    {
        for (int i = 0; i < waiting.Count; i++)
        {
            if (waiting[i].Capacity == capacity)
                return i;
        }
        return -1;
    }

    private T? Take(int capacity)
    {
        lock (gate)
        {
            int at = IndexOf(capacity);
            return at >= 0 && waiting[at].Buffers.TryPop(out T? buffer) ? buffer : null;
        }
    }

    private static void Drop(Stack<T>? buffers)
    {
        while (buffers is not null && buffers.TryPop(out T? buffer))
            buffer.Dispose();
    }
}
