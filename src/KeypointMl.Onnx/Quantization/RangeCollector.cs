using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Runs a model over batches and keeps a histogram of each activation: memory for one batch and the histograms,
/// whatever the number of batches.
/// </summary>
internal static class RangeCollector
{
    /// <summary>Collects the ranges.</summary>
    /// <param name="model">The model in 32-bit floats.</param>
    /// <param name="tensors">The activations.</param>
    /// <param name="batches">The batches; enumerated once.</param>
    /// <param name="options">How ranges are chosen.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>The range of each activation, and how many batches there were.</returns>
    /// <exception cref="OnnxException">There is no batch, one does not fit the model, or an activation is not finite.</exception>
    public static (Dictionary<string, ActivationRange> Ranges, int Batches) Collect(
        OnnxModel model,
        IReadOnlyCollection<string> tensors,
        IEnumerable<CalibrationBatch> batches,
        OnnxQuantizationOptions options,
        CancellationToken cancellation)
    {
        Dictionary<string, ActivationHistogram> histograms =
            tensors.ToDictionary(name => name, _ => new ActivationHistogram(), StringComparer.Ordinal);
        using var runner = new ModelRunner(model, tensors);
        int number = 0;
        foreach (CalibrationBatch batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            int current = number++;
            runner.Run(batch, current, (name, elements) =>
            {
                if (!histograms[name].TryAdd(elements))
                {
                    throw new OnnxException(
                        $"Calibration batch {current}: the activation '{name}' holds infinite or undefined numbers, for "
                        + "which no range exists. Look for bad inputs or a diverged model.");
                }
            });
        }
        if (number == 0)
        {
            throw new OnnxException(
                "There is no calibration data: expected at least one batch. "
                + "Give some hundred typical inputs, from the training data and not from those on which the error is measured.");
        }
        return (histograms.ToDictionary(pair => pair.Key, pair => RangeEstimator.Estimate(pair.Value, options),
            StringComparer.Ordinal), number);
    }
}

/// <summary>The real numbers that an activation is stored for; 0 is always among them, so that padding is exact.</summary>
internal readonly record struct ActivationRange(float Min, float Max)
{
    /// <summary>The smallest range with these ends and 0.</summary>
    public static ActivationRange Around(float min, float max) => new(MathF.Min(min, 0), MathF.Max(max, 0));

    /// <summary>The smallest range that holds both.</summary>
    public ActivationRange Union(ActivationRange other) => new(MathF.Min(Min, other.Min), MathF.Max(Max, other.Max));
}
