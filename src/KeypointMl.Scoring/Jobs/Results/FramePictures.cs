using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Reading;

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
        inputs.SelectMany(input => input.IsImage ? [ReadStill(input)] : ReadVideo(input, boxes, decoding, cancellation)).GetEnumerator();
    private (string Source, long Frame)? at;
    private RgbImage? picture;

    /// <summary>The picture of a frame; null where it cannot be read. Frames must be asked for in the order of the inputs.</summary>
    public RgbImage? Find(string source, long frame)
    {
        while (at != (source, frame))
        {
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

    /// <inheritdoc/>
    public void Dispose() => frames.Dispose();

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
