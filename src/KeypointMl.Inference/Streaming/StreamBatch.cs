using System.Diagnostics;
using System.Runtime.ExceptionServices;
using KeypointMl.Inference.Detection;

namespace KeypointMl.Inference.Streaming;

/// <summary>Rows that go through the graph together, in order; those without an image need no place in its memory.</summary>
/// <param name="memory">The memory that the graph runs on. Disposed of with the batch.</param>
/// <typeparam name="TRow">What belongs to a row beside its image.</typeparam>
internal sealed class StreamBatch<TRow>(DetectorBatch memory) : IDisposable
{
    // Many failures in a row must not gather without bound.
    private const int RowsPerPlace = 4;

    private readonly List<(TRow Row, int Place, bool HasImage)> rows = [];
    private TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int used;

    /// <summary>How many were added.</summary>
    public int Rows => rows.Count;

    public bool IsFull => used == memory.Capacity || rows.Count == RowsPerPlace * memory.Capacity;

    /// <summary>Whether no row comes after these.</summary>
    public bool IsLast { get; set; }

    /// <summary>What the graph's run threw; null where nothing.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>How long the graph took; zero where no row had an image.</summary>
    public TimeSpan RunTime { get; private set; }

    /// <summary>Ends with <see cref="Run"/>, never with an exception.</summary>
    public Task Done => done.Task;

    /// <summary>The next row's image, [H,W,3], to be written before the row is added.</summary>
    public Span<byte> NextImage => memory.Image(used).Span;

    public void Add(TRow row, bool hasImage, bool keepsPlace = false)
    {
        rows.Add((row, used, hasImage));
        if (hasImage || keepsPlace)
            used++;
    }

    public TRow Row(int number) => rows[number].Row;

    public bool HasImage(int number) => rows[number].HasImage;

    /// <summary>[K,2] in pixels of the image of a row that has one; of a row that only keeps its place, any numbers.</summary>
    public ReadOnlySpan<float> Keypoints(int number) => memory.Keypoints(rows[number].Place);

    /// <summary>[K] in [0,1]; of a row that only keeps its place, any numbers.</summary>
    public ReadOnlySpan<float> Confidence(int number) => memory.Confidence(rows[number].Place);

    /// <summary>Runs the graph.</summary>
    public void Run()
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            if (rows.Exists(row => row.HasImage))
            {
                memory.Run(used);
                RunTime = Stopwatch.GetElapsedTime(start);
            }
        }
        catch (Exception e)
        {
            Failure = ExceptionDispatchInfo.Capture(e);
        }
        done.SetResult();
    }

    /// <summary>Makes it ready for new rows.</summary>
    public void Clear()
    {
        rows.Clear();
        (used, Failure, RunTime) = (0, null, default);
        done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Dispose() => memory.Dispose();
}
