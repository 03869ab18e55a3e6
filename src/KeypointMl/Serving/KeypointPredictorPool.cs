using System.Buffers;
using System.Threading.Channels;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using Microsoft.ML.Data;

namespace KeypointMl.Serving;

/// <summary>
/// Keypoints for many callers at once, as in a web application: requests wait in a bounded queue, a bounded number of
/// workers decodes and detects, singly or in small batches. Without ML.NET's prediction engine, which is for one
/// thread.
/// </summary>
/// <remarks>
/// What is in work is bounded by <see cref="KeypointPredictorOptions"/>: images, bytes of streams, decoded pixels;
/// their memory goes back when they are done with. Bytes and images that callers hand over are theirs, and so is how
/// many callers there are: a server bounds its requests. Thread-safe. Work is done on pool threads, never on the
/// caller's. A cancelled request ends at once while it waits, and else when its image is no longer in use, so that the
/// caller may dispose of the image as soon as the task has ended, however it ended. Disposing lets the work in hand
/// finish; what waits, and what comes later, ends with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class KeypointPredictorPool : IDisposable, IAsyncDisposable
{
    private readonly KeypointDetector detector;
    private readonly bool ownsDetector;
    private readonly Channel<PredictionRequest> queue;
    private readonly ByteBudget bytes;
    private readonly DecodeLimits limits;
    private readonly Task[] workers;
    private int disposed;

    /// <summary>Starts the workers.</summary>
    /// <param name="detector">The detector; it must outlive the pool, and may be used by others too.</param>
    /// <param name="options">Concurrency, batches, limits.</param>
    /// <param name="time">Measures the batch window; null for the system's time.</param>
    public KeypointPredictorPool(KeypointDetector detector, KeypointPredictorOptions options = default, TimeProvider? time = null)
        : this(detector, options, time, ownsDetector: false)
    {
    }

    private KeypointPredictorPool(KeypointDetector detector, KeypointPredictorOptions options, TimeProvider? time, bool ownsDetector)
    {
        ArgumentNullException.ThrowIfNull(detector);
        this.detector = detector;
        this.ownsDetector = ownsDetector;
        Options = options;
        bytes = new ByteBudget(options.EffectiveMaxBytesInFlight);
        limits = new DecodeLimits(options.EffectiveMaxEncodedBytes, options.Decoder, new PixelBudget(options.EffectiveMaxPixelsInFlight));
        queue = Channel.CreateBounded<PredictionRequest>(options.EffectiveQueueLength);
        workers = [.. Enumerable.Range(0, options.EffectiveConcurrency)
            .Select(_ => Task.Run(new PredictionWorker(detector, queue.Reader, options, time ?? TimeProvider.System).RunAsync))];
    }

    /// <summary>What was asked for.</summary>
    public KeypointPredictorOptions Options { get; }

    /// <summary>Bytes of streams that are held now.</summary>
    internal long BytesInFlight => bytes.Used;

    /// <summary>The most pixels that were decoded at the same time.</summary>
    internal long PeakPixelsInFlight => limits.Pixels.Peak;

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => detector.Skeleton;

    /// <summary>Loads a detector, which the pool disposes of, and starts the workers.</summary>
    /// <param name="modelPath">A <c>detector.onnx</c>.</param>
    /// <param name="detectorOptions">Device and threads. With several predictions at once, one thread each gives the most of them.</param>
    /// <param name="options">Concurrency, batches, limits.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is corrupt, is not a detector, or breaks the contract; the message says which part.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The device was asked for by name and is not available, or cannot hold the graph.
    /// </exception>
    public static KeypointPredictorPool Load(
        string modelPath, KeypointDetectorOptions detectorOptions = default, KeypointPredictorOptions options = default) =>
        new(KeypointDetector.Load(modelPath, detectorOptions), options, null, ownsDetector: true);

    /// <summary>Detects the keypoints in an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="box">Where the subject is, in pixels of the upright image; null: all of it.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <returns>Keypoints in pixels of the image, and confidences.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The image is damaged, no image, or above the limit, or the box lies outside of it or cannot be cropped.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked for it.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public ValueTask<ConfidentKeypointPrediction> PredictAsync(string path, Box? box = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return PredictAsync(new PredictionSource.OfFile(path, limits), box, cancellation);
    }

    /// <summary>Detects the keypoints in an encoded image.</summary>
    /// <param name="encoded">The bytes of an image file; not to be changed before the task has ended.</param>
    /// <param name="box">Where the subject is, in pixels of the upright image; null: all of it.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <inheritdoc cref="PredictAsync(string, Box?, CancellationToken)"/>
    public ValueTask<ConfidentKeypointPrediction> PredictAsync(
        ReadOnlyMemory<byte> encoded, Box? box = null, CancellationToken cancellation = default) =>
        PredictAsync(new PredictionSource.OfBytes(encoded, limits), box, cancellation);

    /// <summary>
    /// Detects the keypoints in an encoded image that comes as a stream, such as a request's body. It is read to its
    /// end.
    /// </summary>
    /// <param name="encoded">The bytes of an image file; at most <see cref="KeypointPredictorOptions.MaxEncodedBytes"/>.</param>
    /// <param name="box">Where the subject is, in pixels of the upright image; null: all of it.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <inheritdoc cref="PredictAsync(string, Box?, CancellationToken)"/>
    public async ValueTask<ConfidentKeypointPrediction> PredictAsync(
        Stream encoded, Box? box = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        StreamBytes body = await StreamBytes.ReadAsync(encoded, Options.EffectiveMaxEncodedBytes, bytes, cancellation)
            .ConfigureAwait(false);
        using IMemoryOwner<byte> owner = body;
        return await PredictAsync(body.Bytes, box, cancellation).ConfigureAwait(false);
    }

    /// <summary>Detects the keypoints in a decoded image.</summary>
    /// <param name="image">The image; not to be changed before the task has ended.</param>
    /// <param name="box">Where the subject is, in pixels of the upright image; null: all of it.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <inheritdoc cref="PredictAsync(string, Box?, CancellationToken)"/>
    public ValueTask<ConfidentKeypointPrediction> PredictAsync(RgbImage image, Box? box = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PredictAsync(new PredictionSource.OfPixels(image), box, cancellation);
    }

    /// <summary>Detects the keypoints in one of ML.NET's images, which stays the caller's.</summary>
    /// <param name="image">The image; not to be disposed of before the task has ended.</param>
    /// <param name="box">Where the subject is, in pixels of the upright image; null: all of it.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <inheritdoc cref="PredictAsync(string, Box?, CancellationToken)"/>
    public ValueTask<ConfidentKeypointPrediction> PredictAsync(MLImage image, Box? box = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PredictAsync(new PredictionSource.OfMlImage(image), box, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            queue.Writer.Complete();
            while (queue.Reader.TryRead(out PredictionRequest? waiting))
                waiting.Fail(new ObjectDisposedException(nameof(KeypointPredictorPool)));
        }
        await Task.WhenAll(workers).ConfigureAwait(false);
        if (ownsDetector)
            detector.Dispose();
    }

    private async ValueTask<ConfidentKeypointPrediction> PredictAsync(PredictionSource source, Box? box, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var request = new PredictionRequest(source, box, cancellation);
        try
        {
            await queue.Writer.WriteAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            request.Fail(new ObjectDisposedException(nameof(KeypointPredictorPool)));
        }
        return await request.Result.ConfigureAwait(false);
    }
}
