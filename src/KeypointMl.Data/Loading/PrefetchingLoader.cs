using System.Threading.Channels;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Pairs;

namespace KeypointMl.Data.Loading;

/// <summary>
/// Reads the batches of consecutive training steps ahead of the trainer, on background threads, into a fixed number of
/// reused buffers. What step n holds depends on the sampler's seed and n alone, not on threads or on where the loader
/// started.
/// </summary>
/// <remarks>
/// One consumer. Batches not yet disposed count among the buffers: a consumer that keeps as many as there are waits for
/// ever.
/// </remarks>
public sealed class PrefetchingLoader : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<FrameBatch> free;
    private readonly Channel<Task<FrameBatch>> filled;
    private readonly SemaphoreSlim workers;
    private readonly Task dispatcher;
    private Task<FrameBatch>? next; // what a call waited for that was cancelled
    private bool disposed;

    /// <summary>Starts reading.</summary>
    /// <param name="frames">Where the frames come from; not disposed by the loader, and to be disposed after it.</param>
    /// <param name="sampler">Which pairs; its clips are those of <paramref name="frames"/>.</param>
    /// <param name="batchSize">N, pairs per step.</param>
    /// <param name="firstStep">The first step, greater than 0 when a run is resumed.</param>
    /// <param name="threads">How many batches are read at the same time.</param>
    /// <param name="buffers">The number of batches that exist: read ahead, being read, and with the consumer; at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public PrefetchingLoader(
        IFrameSet frames, FramePairSampler sampler, int batchSize, long firstStep = 0, int threads = 1, int buffers = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstStep);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffers, 2);
        free = Channel.CreateBounded<FrameBatch>(buffers);
        filled = Channel.CreateBounded<Task<FrameBatch>>(buffers);
        workers = new SemaphoreSlim(threads);
        for (int i = 0; i < buffers; i++)
            free.Writer.TryWrite(new FrameBatch(batchSize, frames.Width, frames.Height, batch => free.Writer.TryWrite(batch)));
        dispatcher = Task.Run(() => DispatchAsync(frames, sampler, firstStep));
    }

    /// <summary>The batch of the next step; waits until it is read.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    /// <exception cref="ObjectDisposedException">The loader is disposed.</exception>
    /// <exception cref="InvalidDataException">A frame could not be read; the loader is of no more use.</exception>
    public FrameBatch Next(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return NextAsync(cancellation).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Next"/>, without blocking the caller's thread.</summary>
    /// <inheritdoc cref="Next"/>
    public async ValueTask<FrameBatch> NextAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        next ??= await filled.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        FrameBatch batch = await next.WaitAsync(cancellation).ConfigureAwait(false);
        next = null;
        return batch;
    }

    /// <summary>Stops reading and waits until no thread uses the frame set any more.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        stop.Cancel();
        dispatcher.GetAwaiter().GetResult();
        stop.Dispose();
        workers.Dispose();
    }

    // Batches are handed out in the order of their tasks, whichever finishes first; a step has its buffer before the
    // next one is begun, so no order can deadlock.
    private async Task DispatchAsync(IFrameSet frames, FramePairSampler sampler, long step)
    {
        var running = new List<Task>();
        try
        {
            for (; ; step++)
            {
                FrameBatch batch = await free.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
                await workers.WaitAsync(stop.Token).ConfigureAwait(false);
                long thisStep = step;
                Task<FrameBatch> task = Task.Run(() =>
                {
                    try
                    {
                        batch.Fill(frames, sampler, thisStep, stop.Token);
                        return batch;
                    }
                    finally
                    {
                        workers.Release();
                    }
                });
                running.RemoveAll(done => done.IsCompletedSuccessfully);
                running.Add(task);
                await filled.Writer.WriteAsync(task, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Dispose asked for it.
        }
        foreach (Task task in running)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
