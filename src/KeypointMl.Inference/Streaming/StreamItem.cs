using System.Buffers;
using System.Runtime.ExceptionServices;

namespace KeypointMl.Inference.Streaming;

/// <summary>What a source gives at a time, such as an image or a video's frame: a row, several or none.</summary>
/// <param name="imageBytes">The size of a row's image.</param>
/// <typeparam name="TRow">What belongs to a row beside its image.</typeparam>
internal sealed class StreamItem<TRow>(int imageBytes)
{
    private readonly List<(TRow Row, byte[]? Image)> rows = [];
    private int placed;

    /// <summary>Adds the rows, on any thread and later; null where the source has added them.</summary>
    public Action? Decode { get; set; }

    /// <summary>Whether all rows were added.</summary>
    public bool IsDecoded { get; set; }

    /// <summary>Whether it is none, but the end.</summary>
    public bool IsLast { get; set; }

    /// <summary>What the source or <see cref="Decode"/> threw, which is the end too; null where nothing.</summary>
    public ExceptionDispatchInfo? Failure { get; set; }

    /// <summary>Adds a row.</summary>
    /// <param name="write">Writes its image, [H,W,3]; gives the row, and whether there is an image.</param>
    public void Add(Func<Memory<byte>, (TRow Row, bool HasImage)> write)
    {
        byte[] image = ArrayPool<byte>.Shared.Rent(imageBytes);
        (TRow row, bool hasImage) = write(image.AsMemory(0, imageBytes));
        rows.Add((row, hasImage ? image : null));
        if (!hasImage)
            ArrayPool<byte>.Shared.Return(image);
    }

    /// <summary>Adds a row without an image.</summary>
    public void Add(TRow row) => rows.Add((row, null));

    /// <summary>Takes its rows away.</summary>
    public void Clear() => rows.Clear();

    /// <summary>Puts its next row into a batch.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryPlace(StreamBatch<TRow> batch, bool keepsPlace)
    {
        if (placed == rows.Count)
            return false;
        (TRow row, byte[]? image) = rows[placed++];
        if (image is not null)
        {
            image.AsSpan(0, imageBytes).CopyTo(batch.NextImage);
            ArrayPool<byte>.Shared.Return(image);
        }
        batch.Add(row, image is not null, keepsPlace);
        return true;
    }
}
