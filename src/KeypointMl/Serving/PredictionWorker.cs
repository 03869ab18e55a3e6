using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Serving;

/// <summary>Takes requests from the queue, one or a batch at a time, until the queue is closed.</summary>
internal sealed class PredictionWorker(
    KeypointDetector detector, ChannelReader<PredictionRequest> queue, KeypointPredictorOptions options, TimeProvider time)
{
    private readonly List<PredictionRequest> requests = [];
    private readonly Box[] boxes = new Box[options.EffectiveMaxBatch];
    private int used;

    public async Task RunAsync()
    {
        while (await queue.WaitToReadAsync().ConfigureAwait(false))
        {
            Take();
            if (requests.Count > 0 && requests.Count < boxes.Length && options.BatchWindow > TimeSpan.Zero)
                await TakeWithinWindowAsync().ConfigureAwait(false);
            Work();
            requests.Clear();
        }
    }

    private void Take()
    {
        while (requests.Count < boxes.Length && queue.TryRead(out PredictionRequest? request))
        {
            if (request.TryBegin())
                requests.Add(request);
        }
    }

    private async Task TakeWithinWindowAsync()
    {
        using var window = new CancellationTokenSource(options.BatchWindow, time);
        try
        {
            while (requests.Count < boxes.Length && await queue.WaitToReadAsync(window.Token).ConfigureAwait(false))
                Take();
        }
        catch (OperationCanceledException)
        {
            // The window is over: what has come is the batch.
        }
    }

    private void Work()
    {
        if (requests.Count == 0)
            return;
        try
        {
            using DetectorBatch batch = detector.RentBatch(boxes.Length);
            requests.RemoveAll(request => !TryRead(request, batch));
            if (requests.Count == 0)
                return;
            batch.Run(requests.Count);
            for (int i = 0; i < requests.Count; i++)
                requests[i].Complete(Result(batch, i));
        }
        catch (Exception e)
        {
            foreach (PredictionRequest request in requests)
                request.Fail(e);
        }
        finally
        {
            used = 0;
        }
    }

    private bool TryRead(PredictionRequest request, DetectorBatch batch)
    {
        try
        {
            if (request.IsCancelled)
            {
                request.Cancel();
                return false;
            }
            boxes[used] = request.Source.Crop(request.AskedBox, batch.Image(used).Span, detector.Contract);
            used++;
            return true;
        }
        catch (Exception e)
        {
            request.Fail(e);
            return false;
        }
    }

    private ConfidentKeypointPrediction Result(DetectorBatch batch, int slot)
    {
        float[] keypoints = new float[2 * detector.KeypointCount];
        detector.ToFrame(batch.Keypoints(slot), boxes[slot], MemoryMarshal.Cast<float, Vector2>(keypoints.AsSpan()));
        return new ConfidentKeypointPrediction { Keypoints = keypoints, Confidence = batch.Confidence(slot).ToArray() };
    }
}
