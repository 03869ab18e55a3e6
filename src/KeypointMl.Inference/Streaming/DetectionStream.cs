using System.Runtime.ExceptionServices;
using KeypointMl.Inference.Detection;

namespace KeypointMl.Inference.Streaming;

/// <summary>
/// From a source of images to rows of keypoints, in order. Items are read ahead and decoded by <see cref="StreamWorkers"/>;
/// in their order their rows fill a ring of batches, which go through the graph. One batch is the caller's.
/// </summary>
/// <remarks>
/// It is read on one thread: that of <see cref="MoveNext"/>, which reads as far as there is room and helps the workers
/// while it waits (what is decoded must keep its place then); or that of <see cref="ReadAll"/>, while another goes on by
/// <see cref="MoveNextAsync"/>.
/// </remarks>
/// <typeparam name="TRow">What belongs to a row beside its image.</typeparam>
internal sealed class DetectionStream<TRow> : IDisposable
{
    private readonly Func<StreamItem<TRow>, bool> read;
    private readonly StreamOptions options;
    private readonly StreamWorkers workers;
    private readonly SemaphoreSlim room;
    private readonly int imageBytes;
    private readonly StreamBatch<TRow>[] ring;
    private readonly Lock gate = new();
    private readonly Queue<StreamItem<TRow>> ahead = new();
    private long passedOn;
    private long givenBack;
    private long taken;
    private bool inputEnded;
    private bool isComplete;
    private bool isOver;
    private ExceptionDispatchInfo? failure;

    /// <param name="detector">Lends the memory.</param>
    /// <param name="options">How far and on which threads.</param>
    /// <param name="read">
    /// Takes the next image in; false at the end. What it throws, or the item's decoding, ends the rows, and is thrown
    /// behind those before it.
    /// </param>
    public DetectionStream(KeypointDetector detector, StreamOptions options, Func<StreamItem<TRow>, bool> read)
    {
        (this.options, this.read, imageBytes) = (options, read, detector.Contract.ImageBytes);
        workers = new StreamWorkers(options);
        room = new SemaphoreSlim(options.Ahead);
        ring = new StreamBatch<TRow>[options.Batches];
        int rented = 0;
        try
        {
            for (; rented < ring.Length; rented++)
                ring[rented] = new StreamBatch<TRow>(detector.RentBatch(options.BatchSize));
        }
        catch
        {
            foreach (StreamBatch<TRow> batch in ring.AsSpan(0, rented))
                batch.Dispose();
            room.Dispose();
            throw;
        }
    }

    /// <summary>The rows that the caller can have now; null before the first and behind the last.</summary>
    public StreamBatch<TRow>? Current { get; private set; }

    private StreamBatch<TRow> Next => ring[taken % ring.Length];

    /// <summary>Lets the present rows go and waits for the next; reads rows for the batches after them meanwhile.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        LetGo();
        while (!inputEnded && room.Wait(0))
            ReadItem();
        if (!isOver)
            workers.Wait(Next.Done);
        return Take();
    }

    /// <summary>Lets the present rows go and waits for the next, which <see cref="ReadAll"/> reads.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellation)
    {
        LetGo();
        if (!isOver)
            await Next.Done.WaitAsync(cancellation).ConfigureAwait(false);
        return Take();
    }

    /// <summary>Reads to the end, waiting for room where there is none.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public void ReadAll(CancellationToken cancellation)
    {
        while (!inputEnded)
        {
            room.Wait(cancellation);
            ReadItem();
        }
    }

    /// <summary>Waits for what is being decoded and run, and gives the memory back. Nobody must be reading any more.</summary>
    public void Dispose()
    {
        workers.Stop();
        foreach (StreamBatch<TRow> batch in ring)
            batch.Dispose();
        room.Dispose();
        (Current, inputEnded, isOver) = (null, true, true);
    }

    private void LetGo()
    {
        if (Current is not { } batch)
            return;
        Current = null;
        int rows = batch.Rows;
        lock (gate)
        {
            batch.Clear();
            givenBack++;
            Place();
        }
        if (options.RowsKeepPlaces && rows > 0)
            room.Release(rows);
    }

    private bool Take()
    {
        if (!isOver)
        {
            Current = Next;
            taken++;
            isOver = Current.IsLast;
            Current.Failure?.Throw();
            if (Current.Rows > 0)
                return true;
            LetGo();
        }
        // Rows before a failure of the input are given first.
        failure?.Throw();
        return false;
    }

    private void ReadItem()
    {
        var item = new StreamItem<TRow>(imageBytes);
        inputEnded = !Try(item, () => read(item));
        bool isDecoded = inputEnded || item.Decode is null;
        lock (gate)
        {
            ahead.Enqueue(item);
            if (isDecoded)
                Settle(item);
        }
        if (isDecoded)
            return;
        workers.Decode(() =>
        {
            Try(item, () =>
            {
                item.Decode!();
                return true;
            });
            lock (gate)
                Settle(item);
        });
    }

    private static bool Try(StreamItem<TRow> item, Func<bool> work)
    {
        try
        {
            item.IsLast = !work();
        }
        catch (Exception e)
        {
            (item.IsLast, item.Failure) = (true, ExceptionDispatchInfo.Capture(e));
        }
        return !item.IsLast;
    }

    private void Settle(StreamItem<TRow> item)
    {
        item.IsDecoded = true;
        Place();
    }

    // Fills batches with rows, as far as no row before them is missing; under the lock.
    private void Place()
    {
        while (!isComplete && passedOn - givenBack < ring.Length && ahead.TryPeek(out StreamItem<TRow>? item) && item.IsDecoded)
        {
            StreamBatch<TRow> batch = ring[passedOn % ring.Length];
            batch.IsLast = isComplete = item.IsLast;
            if (item.IsLast)
            {
                failure = item.Failure;
            }
            else if (!item.TryPlace(batch, options.RowsKeepPlaces))
            {
                ahead.Dequeue();
                if (!options.RowsKeepPlaces)
                    room.Release();
            }
            if (batch.IsLast || batch.IsFull)
            {
                passedOn++;
                workers.Run(batch.Run);
            }
        }
    }
}
