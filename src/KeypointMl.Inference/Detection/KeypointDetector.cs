using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Sessions;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Inference.Detection;

/// <summary>
/// The exported detector η∘Φ: images in, named keypoints out. Loads only graphs that keep the <see cref="ModelContract"/>.
/// </summary>
/// <remarks>
/// Thread-safe: every method may be called from several threads at once; each call uses memory of its own, which is
/// kept for the next of about as many images. Disposing while calls are running lets them finish; later calls throw
/// <see cref="ObjectDisposedException"/>.
/// <para>
/// It bounds nothing: as many calls as come at the same time run at the same time, each with a batch and the activations of its
/// own, and that memory is kept for as many calls as there were at once: of batches that take 1, 2, 4 … images and
/// <see cref="KeypointDetectorOptions.BatchSize"/> (padded ones take that alone), and of the last few capacities that were
/// asked for by <see cref="RentBatch"/>. Nor does it bound how many images callers decode for it
/// (<see cref="ImageDecoderOptions.MaxPixels"/> is of each). For requests of a server, take <c>KeypointPredictorPool</c>.
/// </para>
/// </remarks>
public sealed class KeypointDetector : IDisposable
{
    private readonly BufferPool<DetectorBuffers> pool;

    private KeypointDetector(byte[] model, ModelContract contract, SharedSession session, KeypointDetectorOptions options)
    {
        Model = model;
        Contract = contract;
        Session = session;
        Options = options;
        pool = new BufferPool<DetectorBuffers>(capacity => session.CudaGraph
            ? new CudaGraphBuffers(contract, capacity, session)
            : new DetectorBuffers(contract, capacity, options.PadBatches));
    }

    /// <summary>The graph's inputs, outputs and metadata.</summary>
    public ModelContract Contract { get; }

    /// <summary>What was asked for.</summary>
    public KeypointDetectorOptions Options { get; }

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => Contract.Metadata.Skeleton;

    /// <summary>W, the width of the graph's images.</summary>
    public int Width => Contract.Width;

    /// <summary>H, the height of the graph's images.</summary>
    public int Height => Contract.Height;

    /// <summary>K, the number of keypoints.</summary>
    public int KeypointCount => Contract.KeypointCount;

    /// <summary>The device that is used.</summary>
    public KeypointDevice Device => Session.Device;

    /// <summary>Why <see cref="KeypointDevice.Auto"/> fell back to the CPU; null where it did not.</summary>
    public string? DeviceNote => Session.DeviceNote;

    /// <summary>The bytes of the file it was loaded from.</summary>
    internal byte[] Model { get; }

    internal SharedSession Session { get; }

    /// <summary>How many batches are lent and not yet given back.</summary>
    internal int BatchesLent => pool.Lent;

    /// <summary>How many batches wait for their next use.</summary>
    internal int BatchesKept => pool.Kept;

    /// <summary>The images of the largest batch: all bytes of one are in one array.</summary>
    internal int LargestBatch => Math.Min(KeypointDetectorOptions.MaximumBatchSize, Math.Max(1, Array.MaxLength / Contract.ImageBytes));

    /// <summary>Loads a detector file.</summary>
    /// <param name="path">A <c>detector.onnx</c>.</param>
    /// <param name="options">Device, threads, batch size.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is corrupt, is not a detector, or breaks the contract; the message says which part.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The device was asked for by name and is not available, or cannot hold the graph, or the graph bears no CUDA graphs.
    /// </exception>
    /// <exception cref="ArgumentException">CUDA graphs were asked for on another device.</exception>
    /// <exception cref="InvalidOperationException">With CUDA graphs: ONNX Runtime cannot run the graph.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing; the message says what to type.</exception>
    public static KeypointDetector Load(string path, KeypointDetectorOptions options = default) =>
        Load(ModelFile.ReadAllBytes(path), path, options);

    /// <summary>Loads a detector from the bytes of its file.</summary>
    /// <param name="onnx">The bytes of a <c>detector.onnx</c>.</param>
    /// <param name="modelName">The file's name, for messages.</param>
    /// <param name="options">Device, threads, batch size.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are corrupt, are not a detector, or break the contract; the message says which part.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The device was asked for by name and is not available, or cannot hold the graph, or the graph bears no CUDA graphs.
    /// </exception>
    /// <exception cref="ArgumentException">CUDA graphs were asked for on another device.</exception>
    /// <exception cref="InvalidOperationException">With CUDA graphs: ONNX Runtime cannot run the graph.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing; the message says what to type.</exception>
    public static KeypointDetector Load(byte[] onnx, string modelName, KeypointDetectorOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        var contract = ModelContract.Read(onnx, modelName, ModelKind.Detector);
        var session = SharedSession.Create(
            onnx, modelName, nameof(KeypointDetector), options.Device, options.IntraOpThreads, options.CudaGraph);
        var detector = new KeypointDetector(onnx, contract, session, options);
        if (session.CudaGraph)
            CudaGraphCheck.Run(detector, modelName);
        return detector;
    }

    /// <summary>
    /// Detects the keypoints of N images of the graph's own size, in batches of at most
    /// <see cref="KeypointDetectorOptions.BatchSize"/>.
    /// </summary>
    /// <param name="images">[N,H,W,3] bytes, RGB, row-major. N is taken from the length.</param>
    /// <param name="keypoints">Receives [N,K,2]: (x,y) in pixels of the image, 0 = centre of the first pixel.</param>
    /// <param name="confidence">Receives [N,K] in [0,1]; may be empty where it is not wanted.</param>
    /// <exception cref="ArgumentException">A length does not fit N, H, W and K.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph, as where the device's memory is short.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public void Detect(ReadOnlySpan<byte> images, Span<float> keypoints, Span<float> confidence)
    {
        int count = Math.DivRem(images.Length, Contract.ImageBytes, out int rest);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{images.Length} bytes are not a whole number of {Width}×{Height} RGB images ({Contract.ImageBytes} bytes each).",
                nameof(images));
        }
        if (keypoints.Length != count * KeypointCount * 2)
        {
            throw new ArgumentException(
                $"{count} images give {count}×{KeypointCount}×2 = {count * KeypointCount * 2} coordinates; "
                + $"the span holds {keypoints.Length}.", nameof(keypoints));
        }
        if (!confidence.IsEmpty && confidence.Length != count * KeypointCount)
        {
            throw new ArgumentException(
                $"{count} images give {count}×{KeypointCount} = {count * KeypointCount} confidences; "
                + $"the span holds {confidence.Length}.", nameof(confidence));
        }
        Session.ThrowIfDisposed();
        if (count == 0)
            return;

        int capacity = CapacityFor(count);
        DetectorBuffers buffers = pool.Rent(capacity);
        try
        {
            for (int done = 0; done < count;)
            {
                int n = Math.Min(capacity, count - done);
                images.Slice(done * Contract.ImageBytes, n * Contract.ImageBytes).CopyTo(buffers.Images.Rows(n));
                buffers.Run(Session, n);
                buffers.Keypoints.Rows(n).CopyTo(keypoints[(done * KeypointCount * 2)..]);
                if (!confidence.IsEmpty)
                    buffers.Confidence.Rows(n).CopyTo(confidence[(done * KeypointCount)..]);
                done += n;
            }
        }
        finally
        {
            Return(capacity, buffers);
        }
    }

    /// <summary>
    /// Detects the keypoints of one subject in an image of any size: crops the box, resizes it to W×H, runs the graph,
    /// and maps back.
    /// </summary>
    /// <param name="image">The frame.</param>
    /// <param name="box">Where the subject is, in the frame's pixels; may reach beyond the frame.</param>
    /// <returns>The keypoints in the frame's pixels.</returns>
    /// <exception cref="ArgumentException">The box cannot be cropped (see <see cref="ImageCropper"/>).</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph, as where the device's memory is short.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public DetectedPose Detect(RgbImage image, Box box)
    {
        ArgumentNullException.ThrowIfNull(image);
        using DetectorBatch batch = RentBatch(CapacityFor(1));
        ImageCropper.Crop(image.Pixels, image.Width, image.Height, box, batch.Image(0).Span, Width, Height);
        batch.Run(1);
        var points = new Vector2[KeypointCount];
        ToFrame(batch.Keypoints(0), box, points);
        return new DetectedPose(points, batch.Confidence(0).ToArray());
    }

    /// <summary>Detects the keypoints of the one subject that fills an image of any size.</summary>
    /// <inheritdoc cref="Detect(RgbImage, Box)"/>
    public DetectedPose Detect(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Detect(image, Box.WholeImage(image.Width, image.Height));
    }

    /// <summary>Memory for batches that are filled in place (see <see cref="DetectorBatch"/>); dispose it after use.</summary>
    /// <param name="capacity">The number of slots, 1 to <see cref="KeypointDetectorOptions.MaximumBatchSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="capacity"/> is outside its range, or so many images of the graph's size have more bytes than an array can have; the
    /// message says how many fit.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public DetectorBatch RentBatch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, KeypointDetectorOptions.MaximumBatchSize);
        if (capacity > LargestBatch)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity,
                $"A batch of {capacity} images of {Width}×{Height} pixels has more bytes than an array can have; at most {LargestBatch} "
                + "images fit. Ask for a batch of no more.");
        }
        Session.ThrowIfDisposed();
        return new DetectorBatch(this, pool.Rent(capacity), capacity);
    }

    /// <summary>Maps keypoints of the graph's W×H image of a box back to the frame.</summary>
    /// <param name="keypoints">[K,2] in pixels of the crop.</param>
    /// <param name="box">The box that was cropped, in the frame's pixels.</param>
    /// <param name="framePoints">Receives K points in the frame's pixels.</param>
    public void ToFrame(ReadOnlySpan<float> keypoints, Box box, Span<Vector2> framePoints)
    {
        for (int k = 0; k < framePoints.Length; k++)
            framePoints[k] = box.FromCrop(new Vector2(keypoints[2 * k], keypoints[2 * k + 1]), Width, Height);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Session.Dispose();
        pool.Dispose();
    }

    // A few sizes of memory serve all counts; where batches are padded, one does.
    private int CapacityFor(int count) => (int)Math.Min(
        Options.PadBatches ? uint.MaxValue : BitOperations.RoundUpToPowerOf2((uint)count),
        (uint)Math.Min(Options.BatchSize, LargestBatch));

    internal void Return(int capacity, DetectorBuffers buffers) => pool.Return(capacity, buffers);
}
