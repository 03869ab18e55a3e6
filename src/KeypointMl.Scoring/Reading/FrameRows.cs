using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Streaming;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Reading;

/// <summary>
/// The frames of the inputs for a <see cref="DetectionStream{TRow}"/>: each gives a row for each box, or one for the frame
/// as a whole. What cannot be read comes as a row that says why. A still image is decoded by the stream's workers; a
/// video's frame is cropped where it is read, so that none is kept.
/// </summary>
/// <param name="boxes">Where the subjects are; null: each frame as a whole.</param>
/// <param name="detector">Whose size the crops have.</param>
/// <param name="options">How videos are read.</param>
/// <param name="keepPictures">Whether the whole frames are wanted too.</param>
internal sealed class FrameRows(BoxTable? boxes, KeypointDetector detector, ScoringOptions options, bool keepPictures) : IDisposable
{
    private delegate void Cropping(Box box, Span<byte> destination);

    private long framesWithoutBox;
    private int ahead;

    /// <summary>How many frames were taken in, whether they gave rows or not.</summary>
    public long Frames { get; private set; }

    /// <summary>How many of them gave none, because there are boxes and none of this frame.</summary>
    public long FramesWithoutBox => Interlocked.Read(ref framesWithoutBox);

    /// <summary>Every frame once. What cannot be read comes as a frame with an error; nothing is left out.</summary>
    /// <exception cref="FfmpegNotFoundException">There is a video, and ffmpeg is not installed.</exception>
    public IEnumerable<InputFrame> Read(IEnumerable<InputFile> inputs, CancellationToken cancellation)
    {
        foreach (InputFile input in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            if (input.IsImage)
            {
                yield return new InputFrame { Source = input.Name, Frame = 0, Still = input };
                continue;
            }
            if (boxes?.Faults.GetValueOrDefault(input.Name) is { } fault)
            {
                // As a file that is no video: one fault, however many frames there may be.
                yield return new InputFrame { Source = input.Name, Frame = input.First, Step = input.Step, Error = fault };
                continue;
            }
            using var video = new VideoInput(input, boxes, options.VideoDecoding, cancellation);
            foreach (InputFrame frame in video.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return frame;
            }
        }
    }

    /// <summary>Adds the rows of a frame, or lets them be added later.</summary>
    public void Take(StreamItem<FrameRow> item, InputFrame frame)
    {
        long frames = ++Frames;
        if (frame.Still is { } still)
        {
            CountAhead(1);
            item.Decode = () => Decode(item, still, frames);
            return;
        }
        if (IsWithoutBox(frame))
            return;
        // A video's frame is soon filled with the next one.
        RgbImage? picture = keepPictures && frame.Image is { } image ? new RgbImage(image.Width, image.Height, [.. image.Pixels]) : null;
        Add(item, frame, picture, frames, (box, destination) => ImageCropper.Crop(
            frame.Image!.Pixels, frame.Width, frame.Height, box, destination, detector.Width, detector.Height));
    }

    /// <summary>A row of a batch that has run, with what the detector found.</summary>
    public ScoredRow Complete(StreamBatch<FrameRow> batch, int number)
    {
        (PredictionRow row, RgbImage? picture, _) = batch.Row(number);
        if (!batch.HasImage(number))
            return new ScoredRow(row, picture);
        var points = new Vector2[detector.KeypointCount];
        detector.ToFrame(batch.Keypoints(number), row.Box!.Value, points);
        float[] confidence = batch.Confidence(number).ToArray();
        for (int k = 0; k < points.Length; k++)
        {
            if (!float.IsFinite(points[k].X) || !float.IsFinite(points[k].Y) || !float.IsFinite(confidence[k]))
            {
                return new ScoredRow(row with
                {
                    Error = $"The detector gave keypoint '{detector.Skeleton.Keypoints[k]}' a position or confidence that is not finite.",
                }, picture);
            }
        }
        return new ScoredRow(row with { Keypoints = points, Confidence = confidence }, picture);
    }

    /// <summary>What was not decoded will not be any more.</summary>
    public void Dispose() => CountAhead(-ahead);

    private void CountAhead(int change)
    {
        Interlocked.Add(ref ahead, change);
        ScoringMetrics.ImagesAhead.Add(change);
    }

    private bool IsWithoutBox(InputFrame frame)
    {
        bool isWithout = boxes is not null && frame.Error is null && boxes.Of(frame.Source, frame.Frame).Count == 0;
        if (isWithout)
            Interlocked.Increment(ref framesWithoutBox);
        return isWithout;
    }

    private void Decode(StreamItem<FrameRow> item, InputFile input, long frames)
    {
        InputFrame frame = new() { Source = input.Name, Frame = 0, Still = input };
        try
        {
            using var image = EncodedImage.Open(input.Path);
            RgbImage? picture = keepPictures ? image.Decode() : null;
            frame = frame with { Width = image.Width, Height = image.Height };
            Add(item, frame, picture, frames, (box, destination) => image.Crop(box, destination, detector.Width, detector.Height));
            // Only a fault would have been worth a row.
            if (IsWithoutBox(frame))
                item.Clear();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            item.Clear();
            Add(item, frame with { Error = e.Message }, null, frames, (_, _) => { });
        }
        finally
        {
            CountAhead(-1);
        }
    }

    private void Add(StreamItem<FrameRow> item, InputFrame frame, RgbImage? picture, long frames, Cropping crop)
    {
        IReadOnlyList<TrackedBox> tracked = boxes?.Of(frame.Source, frame.Frame) ?? [];
        for (int i = 0; i < Math.Max(1, tracked.Count); i++)
        {
            PredictionRow row = RowOf(frame, i < tracked.Count ? tracked[i] : null);
            // A damaged image shows when it is decoded, for a box outside of it too.
            if (frame.Error is not null || row.Error is not null && frame.Still is null)
                item.Add(new FrameRow(row, picture, frames));
            else
                item.Add(image => TryCrop(row, image));
        }

        (FrameRow Row, bool HasImage) TryCrop(PredictionRow row, Memory<byte> image)
        {
            string? fault = null;
            try
            {
                crop(row.Box!.Value, image.Span);
            }
            catch (ArgumentException e)
            {
                fault = e.Message;
            }
            fault = row.Error ?? fault;
            return (new FrameRow(row with { Error = fault }, picture, frames), fault is null);
        }
    }

    private static PredictionRow RowOf(in InputFrame frame, TrackedBox? tracked) => new()
    {
        Source = frame.Source,
        Frame = frame.Frame,
        FrameStep = frame.Step,
        Item = tracked?.Track ?? "",
        Box = tracked?.Box ?? (frame.Error is null ? Box.WholeImage(frame.Width, frame.Height) : null),
        Error = frame.Error ?? (tracked is { } item && !item.Box.Overlaps(frame.Width, frame.Height) ? Outside(item, frame) : null),
        FrameWidth = frame.Width,
        FrameHeight = frame.Height,
    };

    private static string Outside(TrackedBox item, InputFrame frame) => FormattableString.Invariant(
        $"{item.Where}: the box ({item.Box.X}, {item.Box.Y}, {item.Box.Width}×{item.Box.Height}) lies outside the {frame.Width}×{frame.Height} frame.");
}

/// <summary>A row on its way through the detector.</summary>
/// <param name="Row">The row without its keypoints.</param>
/// <param name="Picture">The whole frame, where it is wanted.</param>
/// <param name="Frames">How many frames had been taken in with it.</param>
internal readonly record struct FrameRow(PredictionRow Row, RgbImage? Picture, long Frames);
