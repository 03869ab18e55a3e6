using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Reading;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Jobs.Results;

/// <summary>Reads the frames of inputs once more, for drawings of rows that were scored before.</summary>
/// <param name="inputs">In the order of the rows.</param>
/// <param name="boxes">Names frames behind a video's end; null for none.</param>
/// <param name="decoding">Where videos are decoded.</param>
/// <param name="cancellation">Asks to stop.</param>
internal sealed class FramePictures(
    IEnumerable<InputFile> inputs, BoxTable? boxes, VideoDecoding decoding, CancellationToken cancellation) : IDisposable
{
    private readonly IEnumerator<InputFrame> frames =
        inputs.SelectMany(input => Read(input, boxes, decoding, cancellation)).GetEnumerator();
    private (string Source, long Frame)? at;
    private RgbImage? picture;

    /// <summary>The picture of a row's frame; null where it cannot be read. They must be asked for in the order of the inputs.</summary>
    /// <exception cref="IOException">The row has keypoints: the frame could be read when it was scored, and cannot be any more.</exception>
    public RgbImage? Find(PredictionRow row, CancellationToken cancellation)
    {
        RgbImage? found = Find(row.Source, row.Frame, cancellation);
        return found is not null || row.Status == PredictionStatus.Failed ? found : throw new IOException(
            $"Frame {row.Frame} of '{PrintableText.Of(row.Source)}' has keypoints, and cannot be read any more to draw them: "
            + $"{(at == (row.Source, row.Frame) ? frames.Current.Error : "it is not there.")}");
    }

    /// <inheritdoc/>
    public void Dispose() => frames.Dispose();

    private RgbImage? Find(string source, long frame, CancellationToken cancellation)
    {
        while (at != (source, frame))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!frames.MoveNext())
                return null;
            at = (frames.Current.Source, frames.Current.Frame);
            // A sink may keep the picture for as long as rows of this frame come; a video's frame is soon filled with the next one.
            picture = at == (source, frame) && frames.Current.Image is { } image
                ? new RgbImage(image.Width, image.Height, [.. image.Pixels])
                : null;
        }
        return picture;
    }

    private static IEnumerable<InputFrame> Read(
        InputFile input, BoxTable? boxes, VideoDecoding decoding, CancellationToken cancellation)
    {
        if (input.IsImage)
            return [ReadStill(input)];
        // As it was scored: no frame was read of a video that could not be looked through.
        return boxes?.Faults.GetValueOrDefault(input.Name) is { } fault
            ? [new InputFrame { Source = input.Name, Frame = input.First, Error = fault }]
            : ReadVideo(input, boxes, decoding, cancellation);
    }

    private static InputFrame ReadStill(InputFile input)
    {
        try
        {
            return new InputFrame { Source = input.Name, Frame = 0, Image = ImageDecoder.Decode(input.Path) };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new InputFrame { Source = input.Name, Frame = 0, Error = e.Message };
        }
    }

    private static IEnumerable<InputFrame> ReadVideo(
        InputFile input, BoxTable? boxes, VideoDecoding decoding, CancellationToken cancellation)
    {
        using var video = new VideoInput(input, boxes, decoding, cancellation);
        foreach (InputFrame frame in video.Read())
            yield return frame;
    }
}
