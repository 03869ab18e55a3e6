namespace KeypointMl.Serving;

/// <summary>How many pixels may be decoded at the same time; first come, first served. One image that has more is decoded alone.</summary>
/// <param name="limit">The number of pixels.</param>
internal sealed class PixelBudget(long limit)
{
    private readonly object gate = new();
    private long arrived;
    private long served;
    private long used;

    /// <summary>The most that were decoded at the same time.</summary>
    public long Peak { get; private set; }

    /// <summary>Waits on this thread for room, and takes it until the result is disposed of.</summary>
    public Lease Take(long pixels)
    {
        lock (gate)
        {
            long ticket = arrived++;
            while (ticket != served || (used > 0 && used + pixels > limit))
                Monitor.Wait(gate);
            served++;
            used += pixels;
            Peak = Math.Max(Peak, used);
            Monitor.PulseAll(gate);
        }
        return new Lease(this, pixels);
    }

    private void Return(long pixels)
    {
        lock (gate)
        {
            used -= pixels;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Room that was taken.</summary>
    internal readonly struct Lease(PixelBudget budget, long pixels) : IDisposable
    {
        public void Dispose() => budget.Return(pixels);
    }
}
