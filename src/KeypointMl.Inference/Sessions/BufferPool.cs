using System.Collections.Concurrent;

namespace KeypointMl.Inference.Sessions;

/// <summary>Buffers that wait for their next use, by capacity; disposing it disposes of them and of those that come back later.</summary>
internal sealed class BufferPool<T>(Func<int, T> create) : IDisposable
    where T : IDisposable
{
    private readonly ConcurrentDictionary<int, ConcurrentBag<T>> waiting = new();
    private volatile bool disposed;
    private int lent;

    /// <summary>How many buffers are rented and not yet returned.</summary>
    public int Lent => Volatile.Read(ref lent);

    public T Rent(int capacity)
    {
        T buffer = waiting.TryGetValue(capacity, out ConcurrentBag<T>? bag) && bag.TryTake(out T? kept) ? kept : create(capacity);
        Interlocked.Increment(ref lent);
        return buffer;
    }

    public void Return(int capacity, T buffer)
    {
        Interlocked.Decrement(ref lent);
        waiting.GetOrAdd(capacity, static _ => []).Add(buffer);
        if (disposed)
            Drain();
    }

    public void Dispose()
    {
        disposed = true;
        Drain();
    }

    private void Drain()
    {
        foreach (ConcurrentBag<T> bag in waiting.Values)
        {
            while (bag.TryTake(out T? buffer))
                buffer.Dispose();
        }
    }
}
