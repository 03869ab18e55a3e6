using KeypointMl.Data;
using KeypointMl.Inference;
using KeypointMl.Poses;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>
/// Turns the values of an image column, and of a box column where there is one, into the graph's images. <see cref="Fill"/> runs on the cursor's thread while the row is
/// current; <see cref="Decode"/> may run later on any thread, for different slots at the same time.
/// </summary>
internal abstract class ImageInput
{
    private readonly InputColumns columns;
    private readonly ReadAheadColumn source;
    private readonly ReadAheadVectors<float>? boxSource;
    private readonly Box[] boxes;

    protected ImageInput(ImageInputParts parts)
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

    public static ImageInput Create(ImageInputParts parts, ImageDecoderOptions options) => parts.Source switch
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
        boxSource?.Fill(slot);
        source.Fill(slot);
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
        e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or FormatException or OverflowException
        || e is InvalidOperationException and not ObjectDisposedException;

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
        boxes[slot] = boxSource is null ? Poses.Box.WholeImage(width, height) : ReadBox(in boxSource[slot], width, height);

    private Box ReadBox(in VBuffer<float> vector, int width, int height)
    {
        ReadOnlySpan<float> numbers = vector.IsDense ? vector.GetValues() : vector.DenseValues().ToArray();
        string column = columns.Box!.Value.Name;
        if (numbers.Length != 4)
            throw new InvalidDataException($"the box in column '{column}' has {numbers.Length} numbers; expected 4 (x, y, width, height). Fill the column, or filter such rows out.");
        var box = new Box(numbers[0], numbers[1], numbers[2], numbers[3]);
        return BoxFaults.Find(box, width, height) is { } fault
            ? throw new InvalidDataException($"{BoxFaults.Describe(box)} in column '{column}' {fault}. Correct it, or filter such rows out.")
            : box;
    }
}
