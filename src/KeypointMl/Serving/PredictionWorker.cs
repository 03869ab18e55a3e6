using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Streaming;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Serving;

/// <summary>Takes requests from the queue, one or a batch at a time, until the queue is closed.</summary>
internal sealed class PredictionWorker(
    KeypointDetector detector, ChannelReader<PredictionRequest> queue, KeypointPredictorOptions options, TimeProvider time)
{
    private readonly List<PredictionRequest> requests = [];

    public async Task RunAsync()
    {
        while (await queue.WaitToReadAsync().ConfigureAwait(false))
        {
            Take();
            if (requests.Count > 0 && requests.Count < options.EffectiveMaxBatch && options.BatchWindow > TimeSpan.Zero)
                await TakeWithinWindowAsync().ConfigureAwait(false);
            Work();
            requests.Clear();
        }
    }

    private void Take()
    {
        while (requests.Count < options.EffectiveMaxBatch && queue.TryRead(out PredictionRequest? request))
        {
            if (!request.IsCancelled)
                requests.Add(request);
        }
    }

    private async Task TakeWithinWindowAsync()
    {
        using var window = new CancellationTokenSource(options.BatchWindow, time);
        try
        {
            while (requests.Count < options.EffectiveMaxBatch && await queue.WaitToReadAsync(window.Token).ConfigureAwait(false))
                Take();
        }
        catch (OperationCanceledException)
        {
            // The window is over: what has come is the batch.
        }
    }

    private void Work()
    {
        // From here on their images are in use; until now, in the window too, they only waited.
        requests.RemoveAll(request => !request.TryBegin());
        if (requests.Count == 0)
            return;
        try
        {
            using var batch = new StreamBatch<(PredictionRequest Request, Box Box)>(detector.RentBatch(options.EffectiveMaxBatch));
            foreach (PredictionRequest request in requests)
            {
                if (TryRead(request, batch.NextImage, out Box box))
                    batch.Add((request, box), hasImage: true);
            }
            batch.Run();
            batch.Failure?.Throw();
            for (int i = 0; i < batch.Rows; i++)
                batch.Row(i).Request.Complete(Result(batch, i));
        }
        catch (Exception e)
        {
            foreach (PredictionRequest request in requests)
                request.Fail(e);
        }
    }

    private bool TryRead(PredictionRequest request, Span<byte> image, out Box box)
    {
        box = default;
        try
        {
            if (request.IsCancelled)
            {
                request.Cancel();
                return false;
            }
            box = request.Source.Crop(request.AskedBox, image, detector.Contract);
            return true;
        }
        catch (Exception e)
        {
            request.Fail(e);
            return false;
        }
    }

    private ConfidentKeypointPrediction Result(StreamBatch<(PredictionRequest Request, Box Box)> batch, int row)
    {
        float[] keypoints = new float[2 * detector.KeypointCount];
        detector.ToFrame(batch.Keypoints(row), batch.Row(row).Box, MemoryMarshal.Cast<float, Vector2>(keypoints.AsSpan()));
        return new ConfidentKeypointPrediction { Keypoints = keypoints, Confidence = batch.Confidence(row).ToArray() };
    }
}
