using System.Globalization;

namespace KeypointMl.Training.Tensors;

/// <summary>Training produced a number that is not finite; the last checkpoint is good.</summary>
/// <param name="step">The step that failed.</param>
/// <param name="finding">Which number, and its value.</param>
public sealed class TrainingDivergedException(long step, string finding)
    : Exception($"Training diverged at step {step:N0}: {finding}. {Advice(step)}")
{
    private const long FirstSteps = 5;

    /// <summary>Which number was not finite, where, and its value.</summary>
    public string Finding { get; } = string.Create(CultureInfo.InvariantCulture, $"{finding} at step {step}");

    /// <summary>The step that failed.</summary>
    public long Step { get; } = step;

    // Before weights have moved, and while they have hardly moved, wrong arithmetic or data are likelier than a rate that is too large.
    private static string Advice(long step) => step < FirstSteps
        ? "So early it is seldom the learning rate: run 'keypointml doctor', which checks this machine's arithmetic, and "
        + "'keypointml data check' on the data."
        : "The last checkpoint is good, but going on from it as it was would end alike: start a new run with a smaller "
        + "training.learning_rate or another seed.";
}
