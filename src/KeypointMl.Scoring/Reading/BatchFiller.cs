using System.Threading.Channels;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Reading;

/// <summary>
/// Turns frames into batches: cuts out each frame's boxes, or takes it as a whole; and gives each batch to the
/// detector. Counts the frames.
/// </summary>
internal sealed class BatchFiller(
    FrameCropper cropper,
    BoxTable? boxes,
    bool keepPictures,
    WorkThreads detectors,
    ChannelReader<ScoringBatch> free,
    ChannelWriter<ScoringBatch> filled)
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
            if (batch is not null)
                await PassOnAsync(cancellation).ConfigureAwait(false);
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
        batch ??= await free.ReadAsync(cancellation).ConfigureAwait(false);
        batch.Frames++;
        IReadOnlyList<TrackedBox> tracked = boxes?.Of(frame.Source, frame.Frame) ?? [];
        if (boxes is not null && tracked.Count == 0 && frame.Error is null)
        {
            FramesWithoutBox++;
            return;
        }
        // A video's frame is soon filled with the next one.
        RgbImage? picture = keepPictures && frame.Image is { } image ? new RgbImage(image.Width, image.Height, [.. image.Pixels]) : null;
        PredictionRow row = new()
        {
            Source = frame.Source,
            Frame = frame.Frame,
            FrameStep = frame.Step,
            Error = frame.Error,
            FrameWidth = frame.Width,
            FrameHeight = frame.Height,
        };
        if (tracked.Count == 0)
        {
            await AddRowAsync(frame.Error is not null ? row : row with
            {
                Box = Box.WholeImage(row.FrameWidth, row.FrameHeight),
            }, frame, 0, picture, cancellation).ConfigureAwait(false);
        }
        for (int i = 0; i < tracked.Count; i++)
        {
            await AddRowAsync(row with
            {
                Item = tracked[i].Track,
                Box = tracked[i].Box,
                Error = row.Error ?? FaultOf(tracked[i], frame),
            }, frame, i, picture, cancellation).ConfigureAwait(false);
        }
    }

    private async Task AddRowAsync(PredictionRow row, InputFrame frame, int number, RgbImage? picture, CancellationToken cancellation)
    {
        batch ??= await free.ReadAsync(cancellation).ConfigureAwait(false);
        if (row.Error is null && cropper.TryCopy(in frame, number, row.Box!.Value, batch.NextImage.Span) is { } fault)
            row = row with { Error = fault };
        if (row.Error is null)
            batch.AddFilled(row, picture);
        else
            batch.AddFailed(row, picture);
        if (batch.IsFull)
            await PassOnAsync(cancellation).ConfigureAwait(false);
    }

    private async Task PassOnAsync(CancellationToken cancellation)
    {
        batch!.Detect(detectors, cancellation);
        await filled.WriteAsync(batch, cancellation).ConfigureAwait(false);
        batch = null;
    }

    private static string? FaultOf(TrackedBox item, InputFrame frame) => item.Box.Overlaps(frame.Width, frame.Height)
        ? null
        : FormattableString.Invariant(
            $"{item.Where}: the box ({item.Box.X}, {item.Box.Y}, {item.Box.Width}×{item.Box.Height}) lies outside the {frame.Width}×{frame.Height} frame.");
}
