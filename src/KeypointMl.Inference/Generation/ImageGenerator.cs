using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Imaging;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Sessions;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Inference.Generation;

/// <summary>
/// The exported generator Ψ∘β: keypoints and an appearance image in, the image of that subject in that pose out. Loads
/// only graphs that keep the <see cref="ModelContract"/>.
/// </summary>
/// <remarks>
/// Thread-safe: every method may be called from several threads at once. Disposing while calls are running lets them
/// finish; later calls throw <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class ImageGenerator : IDisposable
{
    private readonly SharedSession session;
    private readonly BufferPool<GeneratorBuffers> pool;

    private ImageGenerator(ModelContract contract, SharedSession session)
    {
        Contract = contract;
        this.session = session;
        pool = new BufferPool<GeneratorBuffers>(capacity => new GeneratorBuffers(contract, capacity));
    }

    /// <summary>The graph's inputs, outputs and metadata.</summary>
    public ModelContract Contract { get; }

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => Contract.Metadata.Skeleton;

    /// <summary>W, the width of the graph's images.</summary>
    public int Width => Contract.Width;

    /// <summary>H, the height of the graph's images.</summary>
    public int Height => Contract.Height;

    /// <summary>K, the number of keypoints.</summary>
    public int KeypointCount => Contract.KeypointCount;

    /// <summary>The device that is used.</summary>
    public KeypointDevice Device => session.Device;

    /// <summary>Why <see cref="KeypointDevice.Auto"/> fell back to the CPU; null where it did not.</summary>
    public string? DeviceNote => session.DeviceNote;

    /// <summary>Loads a generator file.</summary>
    /// <param name="path">A <c>generator.onnx</c>.</param>
    /// <param name="options">Device and threads.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is corrupt, is not a generator, or breaks the contract; the message says which part.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The device was asked for by name and is not available, or cannot hold the graph.
    /// </exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing; the message says what to type.</exception>
    public static ImageGenerator Load(string path, ImageGeneratorOptions options = default) =>
        Load(ModelFile.ReadAllBytes(path), path, options);

    /// <summary>Loads a generator from the bytes of its file.</summary>
    /// <param name="onnx">The bytes of a <c>generator.onnx</c>.</param>
    /// <param name="modelName">The file's name, for messages.</param>
    /// <param name="options">Device and threads.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are corrupt, are not a generator, or break the contract; the message says which part.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The device was asked for by name and is not available, or cannot hold the graph.
    /// </exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing; the message says what to type.</exception>
    public static ImageGenerator Load(byte[] onnx, string modelName, ImageGeneratorOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        var contract = ModelContract.Read(onnx, modelName, ModelKind.Generator);
        return new ImageGenerator(
            contract, SharedSession.Create(onnx, modelName, nameof(ImageGenerator), options.Device, options.IntraOpThreads));
    }

    /// <summary>Generates N images, one by one.</summary>
    /// <param name="keypoints">[N,K,2]: (x,y) in pixels of the W×H image, 0 = centre of the first pixel; finite.</param>
    /// <param name="appearance">[N,H,W,3] bytes, RGB, row-major: how each subject looks.</param>
    /// <param name="images">Receives [N,H,W,3] bytes, RGB.</param>
    /// <exception cref="ArgumentException">A length does not fit N, H, W and K, or a coordinate is not finite.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph, as where the device's memory is short.</exception>
    /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
    public void Generate(ReadOnlySpan<float> keypoints, ReadOnlySpan<byte> appearance, Span<byte> images)
    {
        int perPose = KeypointCount * 2;
        int count = Math.DivRem(keypoints.Length, perPose, out int rest);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{keypoints.Length} coordinates are not a whole number of poses of {KeypointCount} keypoints ({perPose} each).",
                nameof(keypoints));
        }
        if (appearance.Length != count * Contract.ImageBytes)
        {
            throw new ArgumentException(
                $"{count} poses need {count} {Width}×{Height} RGB images = {count * Contract.ImageBytes} bytes; "
                + $"the span holds {appearance.Length}.", nameof(appearance));
        }
        if (images.Length != count * Contract.ImageBytes)
        {
            throw new ArgumentException(
                $"{count} poses give {count} {Width}×{Height} RGB images = {count * Contract.ImageBytes} bytes; "
                + $"the span holds {images.Length}.", nameof(images));
        }
        for (int i = 0; i < keypoints.Length; i++)
        {
            if (!float.IsFinite(keypoints[i]))
            {
                throw new ArgumentException(
                    $"Pose {i / perPose}, keypoint '{Skeleton.Keypoints[i % perPose / 2]}' has the coordinate "
                    + $"{keypoints[i]}; coordinates must be finite.", nameof(keypoints));
            }
        }
        session.ThrowIfDisposed();

        GeneratorBuffers buffers = pool.Rent(1);
        try
        {
            for (int i = 0; i < count; i++)
            {
                keypoints.Slice(i * perPose, perPose).CopyTo(buffers.Keypoints.Rows(1));
                appearance.Slice(i * Contract.ImageBytes, Contract.ImageBytes).CopyTo(buffers.Appearance.Rows(1));
                buffers.Run(session, 1);
                buffers.Images.Rows(1).CopyTo(images[(i * Contract.ImageBytes)..]);
            }
        }
        finally
        {
            pool.Return(1, buffers);
        }
    }

    /// <summary>Generates the image of one subject in one pose.</summary>
    /// <param name="keypoints">K points in pixels of the W×H image, 0 = centre of the first pixel.</param>
    /// <param name="appearance">How the subject looks; an image of another size than W×H is resized.</param>
    /// <returns>A W×H image.</returns>
    /// <exception cref="ArgumentException">There are not K points, or a coordinate is not finite.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph, as where the device's memory is short.</exception>
    /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
    public RgbImage Generate(ReadOnlySpan<Vector2> keypoints, RgbImage appearance)
    {
        ArgumentNullException.ThrowIfNull(appearance);
        if (keypoints.Length != KeypointCount)
        {
            throw new ArgumentException(
                $"The pose has {keypoints.Length} points; skeleton '{Skeleton.Name}' has {KeypointCount} keypoints.", nameof(keypoints));
        }
        RgbImage resized = ImageCropper.Resize(appearance, Width, Height);
        var generated = new RgbImage(Width, Height);
        Generate(MemoryMarshal.Cast<Vector2, float>(keypoints), resized.Pixels, generated.Pixels);
        return generated;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        pool.Dispose();
    }
}

/// <summary>
/// How an <see cref="ImageGenerator"/> runs. <c>default</c> is a good choice: any device, ONNX Runtime's own number of
/// threads.
/// </summary>
public readonly record struct ImageGeneratorOptions
{
    /// <summary>The device asked for; <see cref="ImageGenerator.Device"/> says which is used.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>The threads of one run; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int IntraOpThreads { get; init => field = Guard.AtLeast(value, 0); }
}
