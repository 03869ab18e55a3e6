using KeypointMl.Data;
using KeypointMl.Inference;
using KeypointMl.Poses;

namespace KeypointMl;

/// <summary>
/// Turns the values of an image column into the graph's images. <see cref="Take"/> runs on the cursor's thread while the row is current; <see cref="Decode"/> may run
/// later on any thread.
/// </summary>
internal abstract class ImageInput
{
    private readonly string columnName;
    private readonly ModelContract contract;
    private readonly Box[] boxes;

    protected ImageInput(string columnName, ModelContract contract, int capacity)
    {
        this.columnName = columnName;
        this.contract = contract;
        boxes = new Box[capacity];
    }

    /// <summary>Whether <see cref="Decode"/> does anything.</summary>
    public abstract bool NeedsDecoding { get; }

    public static ImageInput Create(ReadAheadColumn column, string columnName, ImageDecoderOptions options, ModelContract contract, int capacity) => column switch
    {
        ReadAheadImages images => new MlImageInput(images, columnName, contract, capacity),
        ReadAheadValues<ReadOnlyMemory<char>> paths => new PathInput(paths, options, columnName, contract, capacity),
        ReadAheadVectors<byte> encoded => new EncodedInput(encoded, options, columnName, contract, capacity),
        _ => throw new ArgumentException($"Column '{columnName}' does not hold images.", nameof(column)),
    };

    /// <summary>The part of the slot's image that the graph saw, in its pixels: at present all of it.</summary>
    public Box Box(int slot) => boxes[slot];

    /// <summary>Does what must be done while the row is current.</summary>
    /// <param name="slot">Where the column's value was filled.</param>
    /// <param name="destination">The graph's image, [H,W,3] bytes RGB.</param>
    public virtual void Take(int slot, Span<byte> destination)
    {
    }

    /// <summary>Does the rest.</summary>
    /// <param name="slot">A slot that was taken.</param>
    /// <param name="destination">The graph's image, [H,W,3] bytes RGB.</param>
    public virtual void Decode(int slot, Span<byte> destination)
    {
    }

    /// <summary>Says which row an exception belongs to, where it is about the row's image.</summary>
    public Exception Explain(Exception e, long position) => e is InvalidDataException or IOException or UnauthorizedAccessException
        ? new InvalidDataException($"Row {position} (counted from 0), column '{columnName}': {e.Message}", e)
        : e;

    protected void Crop(int slot, ReadOnlySpan<byte> rgb, int width, int height, Span<byte> destination)
    {
        var box = Poses.Box.WholeImage(width, height);
        boxes[slot] = box;
        ImageCropper.Crop(rgb, width, height, box, destination, contract.Width, contract.Height);
    }
}
