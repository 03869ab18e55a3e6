namespace KeypointMl.Tests.MlNet;

/// <summary>Time that passes when the test says so.</summary>
internal sealed class ManualTimers : TimeProvider
{
    private readonly List<Timer> timers = [];
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the next timer is started.</summary>
    public Task NextTimer()
    {
        lock (timers)
        {
            next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return next.Task;
        }
    }

    public bool Fire()
    {
        Timer[] due;
        lock (timers)
            due = [.. timers];
        foreach (Timer timer in due)
            timer.Fire();
        return true;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state);
        lock (timers)
        {
            timers.Add(timer);
            next.TrySetResult();
        }
        return timer;
    }

    private sealed class Timer(TimerCallback callback, object? state) : ITimer
    {
        private bool over;

        public void Fire()
        {
            if (!over)
                callback(state);
            over = true;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => over = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
