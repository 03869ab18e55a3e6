using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Reading;

/// <summary>Reads the frames of the inputs in order; images are decoded ahead on other threads.</summary>
internal sealed class InputReader(
    IEnumerable<InputFile> inputs, BoxTable? boxes, FrameCropper cropper, WorkThreads decoders, ScoringOptions options)
{
    private readonly Queue<Task<InputFrame>> ahead = new();

    /// <summary>Every frame once. What cannot be read comes as a frame with an error; nothing is left out.</summary>
    /// <exception cref="FfmpegNotFoundException">There is a video, and ffmpeg is not installed.</exception>
    public IEnumerable<InputFrame> Read(CancellationToken cancellation)
    {
        try
        {
            foreach (InputFile input in inputs)
            {
                cancellation.ThrowIfCancellationRequested();
                if (input.IsImage)
                {
                    Begin(input);
                    if (ahead.Count > options.EffectiveDecodeThreads)
                        yield return Next();
                    continue;
                }
                while (ahead.Count > 0)
                    yield return Next();
                if (boxes?.Faults.GetValueOrDefault(input.Name) is { } fault)
                {
                    // As a file that is no video: one fault, however many frames there may be.
                    yield return new InputFrame { Source = input.Name, Frame = input.First, Step = input.Step, Error = fault };
                    continue;
                }
                using var video = new VideoInput(input, boxes, options.VideoDecoding);
                foreach (InputFrame frame in video.Read())
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return frame;
                }
            }
            while (ahead.Count > 0)
                yield return Next();
        }
        finally
        {
            ScoringMetrics.ImagesAhead.Add(-ahead.Count);
        }
    }

    private void Begin(InputFile image)
    {
        ahead.Enqueue(decoders.RunAsync(() => cropper.ReadStill(image)));
        ScoringMetrics.ImagesAhead.Add(1);
    }

    private InputFrame Next()
    {
        Task<InputFrame> image = ahead.Dequeue();
        ScoringMetrics.ImagesAhead.Add(-1);
        return image.GetAwaiter().GetResult();
    }
}
