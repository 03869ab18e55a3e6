using System.Runtime.InteropServices;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Contracts;
using KeypointMl.Poses.Geometry;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Rows;

/// <summary>
/// Turns the values of an image column, and of a box column where there is one, into the graph's images.
/// <see cref="Fill"/> runs on the cursor's thread while the row is current; <see cref="Decode"/> may run later on any
/// thread, for different slots at the same time.
/// </summary>
internal abstract class RowImageInput
{
    private readonly InputColumns columns;
    private readonly ReadAheadColumn source;
    private readonly ReadAheadVectors<float>? boxSource;
    private readonly Box[] boxes;

    protected RowImageInput(ImageInputParts parts)
    {
        columns = parts.Columns;
        source = parts.Source;
        boxSource = parts.BoxSource;
        Contract = parts.Contract;
        boxes = new Box[parts.Capacity];
    }

    /// <summary>Whether <see cref="Decode"/> does anything.</summary>
    public abstract bool NeedsDecoding { get; }

    protected ModelContract Contract { get; }

    public static RowImageInput Create(ImageInputParts parts, ImageDecoderOptions options) => parts.Source switch
    {
        ReadAheadImages images => new MlImageInput(parts, images),
        ReadAheadValues<ReadOnlyMemory<char>> paths => new PathInput(parts, paths, options),
        ReadAheadVectors<byte> encoded => new EncodedInput(parts, encoded, options),
        _ => throw new ArgumentException($"Column '{parts.Columns.Image.Name}' does not hold images.", nameof(parts)),
    };

    /// <summary>The part of the slot's image that the graph saw, in its pixels.</summary>
    public Box Box(int slot) => boxes[slot];

    /// <summary>Takes the current row's image and box.</summary>
    /// <param name="slot">Where to.</param>
    /// <param name="destination">The graph's image, [H,W,3] bytes RGB.</param>
    public void Fill(int slot, Span<byte> destination)
    {
        // Also where one of them cannot be read, the other one is passed on as this row's.
        try
        {
            source.Fill(slot);
        }
        finally
        {
            boxSource?.Fill(slot);
        }
        Take(slot, destination);
    }

    /// <summary>Does the rest.</summary>
    /// <param name="slot">A slot that was filled.</param>
    /// <param name="destination">The graph's image, [H,W,3] bytes RGB.</param>
    public virtual void Decode(int slot, Span<byte> destination)
    {
    }

    /// <summary>Whether an exception says that a row's image or box cannot be used, and not that something else went wrong.</summary>
    public static bool IsAboutTheRow(Exception e) =>
        (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
        or FormatException or OverflowException
        || e is InvalidOperationException and not ObjectDisposedException)
        && !IsAboutTheMachine(e);

    // All rows behind would fail likewise, and nothing is wrong with them.
    private static bool IsAboutTheMachine(Exception? e) =>
        e is FfmpegEndedException or FfmpegStartException or OnnxRuntimeException
        || (e is not null && IsAboutTheMachine(e.InnerException));

    /// <summary>Says which row an exception belongs to, where it is about the row's image.</summary>
    public Exception Explain(Exception e, long position) => IsAboutTheRow(e)
        ? new InvalidDataException($"Row {position} (counted from 0), column '{columns.Image.Name}': {e.Message}", e)
        : e;

    /// <summary>Does what must be done while the row is current.</summary>
    protected virtual void Take(int slot, Span<byte> destination)
    {
    }

    /// <summary>Which part of an image of that size to look at.</summary>
    /// <exception cref="InvalidDataException">The row's box cannot be used.</exception>
    protected Box ChooseBox(int slot, int width, int height) =>
        boxes[slot] = boxSource is null
        ? Poses.Geometry.Box.WholeImage(width, height)
        : BoxColumns.Read(in boxSource[slot], columns.Box!.Value.Name, width, height);
}

/// <summary>The bytes of image files.</summary>
internal sealed class EncodedInput(
    ImageInputParts parts, ReadAheadVectors<byte> encoded, ImageDecoderOptions options) : RowImageInput(parts)
{
    public override bool NeedsDecoding => true;

    public override void Decode(int slot, Span<byte> destination)
    {
        ref readonly VBuffer<byte> bytes = ref encoded[slot];
        // A vector may come sparse: without its zeros.
        ReadOnlySpan<byte> dense = bytes.IsDense ? bytes.GetValues() : bytes.DenseValues().ToArray();
        using var image = EncodedImage.Open(dense, "in a vector of bytes", options);
        image.Crop(ChooseBox(slot, image.Width, image.Height), destination, Contract.Width, Contract.Height);
    }
}

/// <summary>Images in memory: their pixels are converted and cropped at once, as the image may be gone when the next row is read.</summary>
internal sealed class MlImageInput(ImageInputParts parts, ReadAheadImages images) : RowImageInput(parts)
{
    public override bool NeedsDecoding => false;

    protected override void Take(int slot, Span<byte> destination)
    {
        if (images.Current is not { } image)
            throw new InvalidDataException("there is no image (null). Fill the column, or filter such rows out.");
        MlImageCrop.Crop(image, ChooseBox(slot, image.Width, image.Height), destination, Contract);
    }
}

/// <summary>Paths of image files.</summary>
internal sealed class PathInput(
    ImageInputParts parts, ReadAheadValues<ReadOnlyMemory<char>> paths, ImageDecoderOptions options) : RowImageInput(parts)
{
    public override bool NeedsDecoding => true;

    public override void Decode(int slot, Span<byte> destination)
    {
        ReadOnlyMemory<char> path = paths[slot];
        if (path.IsEmpty)
            throw new InvalidDataException("the path is empty. Fill the column, or filter such rows out.");
        // Text that comes from an object's string is that string, and need not be copied.
        string text = MemoryMarshal.TryGetString(path, out string? whole, out _, out int length) && length == whole.Length
            ? whole
            : path.ToString();
        using var image = EncodedImage.Open(text, options);
        image.Crop(ChooseBox(slot, image.Width, image.Height), destination, Contract.Width, Contract.Height);
    }
}
