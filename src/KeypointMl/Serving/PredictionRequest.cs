using KeypointMl.Poses.Geometry;

namespace KeypointMl.Serving;

/// <summary>
/// A prediction that is waited for. It can be cancelled at once as long as nobody works on it; from then on its image
/// is in use, and it ends only when that is over.
/// </summary>
internal sealed class PredictionRequest
{
    private const int Waiting = 0, Begun = 1, Ended = 2;

    private readonly TaskCompletionSource<ConfidentKeypointPrediction> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenRegistration registration;
    private int state;

    public PredictionRequest(PredictionSource source, Box? box, CancellationToken cancellation)
    {
        Source = source;
        AskedBox = box;
        this.cancellation = cancellation;
        registration = cancellation.UnsafeRegister(static request => ((PredictionRequest)request!).CancelWaiting(), this);
    }

    public PredictionSource Source { get; }

    public Box? AskedBox { get; }

    public Task<ConfidentKeypointPrediction> Result => completion.Task;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    /// <summary>Takes the request to work on it.</summary>
    /// <returns>False where it was cancelled.</returns>
    public bool TryBegin() => Interlocked.CompareExchange(ref state, Begun, Waiting) == Waiting;

    public void Complete(ConfidentKeypointPrediction prediction)
    {
        registration.Dispose();
        completion.TrySetResult(prediction);
    }

    public void Fail(Exception e)
    {
        registration.Dispose();
        completion.TrySetException(e);
    }

    public void Cancel()
    {
        registration.Dispose();
        completion.TrySetCanceled(cancellation);
    }

    private void CancelWaiting()
    {
        if (Interlocked.CompareExchange(ref state, Ended, Waiting) == Waiting)
            completion.TrySetCanceled(cancellation);
    }
}
