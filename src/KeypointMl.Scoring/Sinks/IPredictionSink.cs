using KeypointMl.Imaging.Images;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Takes the rows of a scoring run, in the order of the input: a file of some format, overlay pictures, a console.
/// Disposed without <see cref="CompleteAsync"/>, it leaves nothing half-written under a final name.
/// </summary>
/// <remarks>Called by one thread at a time.</remarks>
public interface IPredictionSink : IAsyncDisposable
{
    /// <summary>Whether <see cref="WriteAsync"/> wants the pictures, which costs a copy of each video frame.</summary>
    bool NeedsPictures => false;

    /// <summary>Takes a row.</summary>
    /// <param name="row">The row; it may be kept.</param>
    /// <param name="picture">
    /// The whole frame, not to be changed; null where <see cref="NeedsPictures"/> is false or the frame could not be
    /// read. Rows of one frame get the same object.
    /// </param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation);

    /// <summary>Finishes the output and gives it its final name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    ValueTask CompleteAsync(CancellationToken cancellation);
}
