namespace KeypointMl.Scoring;

/// <summary>Reads the frames of the inputs in order; images are decoded ahead on other threads.</summary>
internal sealed class InputReader(IEnumerable<InputFile> inputs, BoxTable? boxes, FrameCropper cropper, ScoringOptions options)
{
    /// <summary>Every frame once. What cannot be read comes as a frame with an error; nothing is left out.</summary>
    /// <exception cref="Data.FfmpegNotFoundException">There is a video, and ffmpeg is not installed.</exception>
    public IEnumerable<InputFrame> Read(CancellationToken cancellation)
    {
        var ahead = new Queue<Task<InputFrame>>();
        foreach (InputFile input in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            if (input.IsImage)
            {
                ahead.Enqueue(Task.Run(() => cropper.ReadStill(input), CancellationToken.None));
                if (ahead.Count > options.EffectiveDecodeThreads)
                    yield return ahead.Dequeue().GetAwaiter().GetResult();
                continue;
            }
            while (ahead.TryDequeue(out Task<InputFrame>? image))
                yield return image.GetAwaiter().GetResult();
            using var video = new VideoInput(input, boxes, options.VideoDecoding);
            foreach (InputFrame frame in video.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return frame;
            }
        }
        while (ahead.TryDequeue(out Task<InputFrame>? image))
            yield return image.GetAwaiter().GetResult();
    }
}
