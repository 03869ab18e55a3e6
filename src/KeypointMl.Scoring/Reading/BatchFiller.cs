using System.Threading.Channels;
using KeypointMl.Data;
using KeypointMl.Inference;
using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>Turns frames into batches: cuts out each frame's boxes, or takes it as a whole. Counts the frames.</summary>
internal sealed class BatchFiller(KeypointDetector detector, BoxTable? boxes, bool keepPictures, ChannelReader<ScoringBatch> free, ChannelWriter<ScoringBatch> filled)
{
    private ScoringBatch? batch;

    public long Frames { get; private set; }

    public long FramesWithoutBox { get; private set; }

    public async Task FillAsync(IEnumerable<InputFrame> frames, CancellationToken cancellation)
    {
        try
        {
            foreach (InputFrame frame in frames)
                await AddAsync(frame, cancellation).ConfigureAwait(false);
            if (batch is { IsEmpty: false })
                await filled.WriteAsync(batch, cancellation).ConfigureAwait(false);
            filled.Complete();
        }
        catch (Exception e)
        {
            filled.Complete(e);
        }
    }

    private async Task AddAsync(InputFrame frame, CancellationToken cancellation)
    {
        Frames++;
        IReadOnlyList<TrackedBox> tracked = boxes?.Of(frame.Source, frame.Frame) ?? [];
        if (boxes is not null && tracked.Count == 0 && frame.Image is not null)
        {
            FramesWithoutBox++;
            return;
        }
        // The frame's own buffer is soon filled with the next frame.
        RgbImage? picture = keepPictures && frame.Image is { } image ? new RgbImage(image.Width, image.Height, [.. image.Pixels]) : null;
        PredictionRow row = new() { Source = frame.Source, Frame = frame.Frame, Error = frame.Error, FrameWidth = frame.Image?.Width ?? 0, FrameHeight = frame.Image?.Height ?? 0 };
        if (tracked.Count == 0)
            await AddRowAsync(frame.Image is null ? row : row with { Box = Box.WholeImage(row.FrameWidth, row.FrameHeight) }, frame.Image, picture, cancellation).ConfigureAwait(false);
        foreach (TrackedBox item in tracked)
            await AddRowAsync(row with { Item = item.Track, Box = item.Box, Error = row.Error ?? FaultOf(item, frame.Image!) }, frame.Image, picture, cancellation).ConfigureAwait(false);
    }

    private async Task AddRowAsync(PredictionRow row, RgbImage? image, RgbImage? picture, CancellationToken cancellation)
    {
        batch ??= await free.ReadAsync(cancellation).ConfigureAwait(false);
        if (row.Error is null && TryCrop(image!, row.Box!.Value) is { } fault)
            row = row with { Error = fault };
        if (row.Error is null)
            batch.AddFilled(row, picture);
        else
            batch.AddFailed(row, picture);
        if (!batch.IsFull)
            return;
        await filled.WriteAsync(batch, cancellation).ConfigureAwait(false);
        batch = null;
    }

    private string? TryCrop(RgbImage image, Box box)
    {
        try
        {
            ImageCropper.Crop(image.Pixels, image.Width, image.Height, box, batch!.NextImage.Span, detector.Width, detector.Height);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    private static string? FaultOf(TrackedBox item, RgbImage image) => item.Box.Overlaps(image.Width, image.Height)
        ? null
        : FormattableString.Invariant($"{item.Where}: the box ({item.Box.X}, {item.Box.Y}, {item.Box.Width}×{item.Box.Height}) lies outside the {image.Width}×{image.Height} frame.");
}
