using System.Collections.Immutable;

namespace KeypointMl.Onnx;

/// <summary>What <see cref="OnnxOptimizer"/> did.</summary>
/// <param name="Changes">For each pass that was asked for, by its class's name and in the order of the first application: how many places it changed, over all rounds.</param>
public sealed record OnnxOptimizationReport(ImmutableArray<(string Pass, int Places)> Changes)
{
    /// <summary>How many places were changed.</summary>
    public int Total => Changes.Sum(change => change.Places);

    /// <summary>How many places a pass changed; 0 if it was not asked for.</summary>
    /// <typeparam name="TPass">The pass.</typeparam>
    public int Of<TPass>()
        where TPass : IOnnxPass => Changes.FirstOrDefault(change => change.Pass == typeof(TPass).Name).Places;

    /// <summary>As in <c>BatchNormFolding 3, DeadNodeRemoval 12</c>, without the passes that changed nothing; <c>nothing to do</c> if none did.</summary>
    public override string ToString() =>
        Total == 0 ? "nothing to do" : string.Join(", ", Changes.Where(change => change.Places > 0).Select(change => $"{change.Pass} {change.Places}"));
}
