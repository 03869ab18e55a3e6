using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>
/// Looks for losses and gradients that are not finite. On the CPU it throws before the update that they would spoil. On
/// a GPU, which must not wait in a step, the device remembers the first one, and <see cref="Read"/> throws: it is
/// called before anything leaves the run's memory (log, evaluation, samples, checkpoint), so that all of it is from
/// before.
/// </summary>
/// <param name="deferred">Whether numbers are only looked at by <see cref="Read"/>.</param>
public sealed class DivergenceWatch(bool deferred) : IDisposable
{
    private readonly List<(long Step, string What)> sinceRead = [];
    private Tensor? first; // [2] float64: 1 + the place in sinceRead of the first number that was not finite, or 0; and that number

    /// <summary>Looks at once; keeps nothing.</summary>
    public static DivergenceWatch Immediate { get; } = new(deferred: false);

    /// <summary>Whether <see cref="Check"/> leaves it to <see cref="Read"/> to throw.</summary>
    public bool IsDeferred => deferred;

    /// <summary>Looks at a float32 scalar.</summary>
    /// <exception cref="TrainingDivergedException">It is not finite, and the watch does not wait.</exception>
    public void Check(Tensor scalar, long step, string what)
    {
        if (!deferred)
        {
            double value = DeviceReads.Single(scalar);
            if (!double.IsFinite(value))
                throw Diverged(step, what, value);
            return;
        }
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        sinceRead.Add((step, what));
        Tensor value64 = scalar.detach().to(ScalarType.Float64);
        Tensor found = stack([full_like(value64, sinceRead.Count), value64]);               // [2]
        Tensor before = first ?? zeros_like(found);
        Tensor isFirst = value64.isfinite().logical_not().logical_and(before.select(0, 0).eq(0));
        Tensor now = where(isFirst, found, before).DetachFromDisposeScope();
        first?.Dispose();
        first = now;
    }

    /// <summary>Waits for the device and looks at what <see cref="Check"/> was given since the last call.</summary>
    /// <exception cref="TrainingDivergedException">A number was not finite; the exception names the first.</exception>
    public void Read()
    {
        if (first is null)
            return;
        double[] found = DeviceReads.Doubles(first);
        if (found[0] > 0)
            throw Diverged(sinceRead[(int)found[0] - 1].Step, sinceRead[(int)found[0] - 1].What, found[1]);
        sinceRead.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first?.Dispose();
        first = null;
    }

    private static TrainingDivergedException Diverged(long step, string what, double value) => new(step, $"{what} is {value}");
}
