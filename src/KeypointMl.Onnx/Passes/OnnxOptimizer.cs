using System.Collections.Immutable;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Onnx.Passes;

/// <summary>
/// Applies graph passes until none finds anything to do. Constants come first, since the others look for stored
/// tensors; identities next, since they stand between what belongs together; then the foldings; then what all of them
/// left over. The conversion to 16-bit floats follows once, when the graph has its final form.
/// </summary>
public static class OnnxOptimizer
{
    /// <summary>Changes a model in place.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Which passes; default <see cref="OnnxOptimizationOptions"/>.</param>
    /// <returns>What each pass did.</returns>
    /// <exception cref="OnnxException">
    /// The graph breaks a rule of ONNX (see <see cref="OnnxChecker"/>), or an option names a node that does not exist.
    /// </exception>
    public static OnnxOptimizationReport Optimize(OnnxModel model, OnnxOptimizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new OnnxOptimizationOptions();
        List<IOnnxPass> passes = [.. Passes(options)];
        var places = passes.ToDictionary(pass => pass, _ => 0);
        Settle(model, passes, places);
        if (options.ConvertToFloat16)
        {
            var conversion = new Float16Conversion(options.Float16);
            places[conversion] = conversion.Apply(model);
            Settle(model, passes, places);
            passes.Add(conversion);
        }
        return new OnnxOptimizationReport([.. passes.Select(pass => (pass.GetType().Name, places[pass]))]);
    }

    // Every change removes a node, a tensor or a statement, but for transposes and paddings that take the place of
    // other nodes, so the rounds come to an end.
    private static void Settle(OnnxModel model, List<IOnnxPass> passes, Dictionary<IOnnxPass, int> places)
    {
        int changes;
        do
        {
            changes = 0;
            foreach (IOnnxPass pass in passes)
            {
                int found = pass.Apply(model);
                places[pass] += found;
                changes += found;
            }
        }
        while (changes > 0);
    }

    private static IEnumerable<IOnnxPass> Passes(OnnxOptimizationOptions options)
    {
        if (options.FoldConstants)
            yield return new ConstantFolding(options.MaxConstantGrowth);
        if (options.RemoveIdentities)
            yield return new IdentityRemoval();
        if (options.FoldBatchNorm)
            yield return new BatchNormFolding();
        if (options.FoldInputNormalization)
            yield return new InputNormalizationFolding();
        if (options.RemoveDeadNodes)
            yield return new DeadNodeRemoval();
    }
}

/// <summary>A change of a graph that keeps what it computes.</summary>
public interface IOnnxPass
{
    /// <summary>Changes a model in place.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="OnnxException">The graph breaks a rule of ONNX (see <see cref="OnnxChecker"/>).</exception>
    /// <returns>How many places were changed.</returns>
    int Apply(OnnxModel model);
}

/// <summary>What <see cref="OnnxOptimizer"/> did.</summary>
/// <param name="Changes">
/// For each pass that was asked for, by its class's name and in the order of the first application: how many places it
/// changed, over all rounds.
/// </param>
public sealed record OnnxOptimizationReport(ImmutableArray<(string Pass, int Places)> Changes)
{
    /// <summary>How many places were changed.</summary>
    public int Total => Changes.Sum(change => change.Places);

    /// <summary>How many places a pass changed; 0 if it was not asked for.</summary>
    /// <typeparam name="TPass">The pass.</typeparam>
    public int Of<TPass>()
        where TPass : IOnnxPass => Changes.FirstOrDefault(change => change.Pass == typeof(TPass).Name).Places;

    /// <summary>
    /// As in <c>BatchNormFolding 3, DeadNodeRemoval 12</c>, without the passes that changed nothing; <c>nothing to
    /// do</c> if none did.
    /// </summary>
    public override string ToString() =>
        Total == 0
        ? "nothing to do"
        : string.Join(", ", Changes.Where(change => change.Places > 0).Select(change => $"{change.Pass} {change.Places}"));
}

/// <summary>Which passes <see cref="OnnxOptimizer"/> applies.</summary>
public sealed record OnnxOptimizationOptions
{
    /// <summary>Compute what depends on stored tensors alone (<see cref="ConstantFolding"/>). Default: true.</summary>
    public bool FoldConstants { get; init; } = true;

    /// <summary>How many bytes the file may grow by one folded node. Default: 64 KiB.</summary>
    public long MaxConstantGrowth { get; init; } = 64 << 10;

    /// <summary>Remove nodes that change nothing (<see cref="IdentityRemoval"/>). Default: true.</summary>
    public bool RemoveIdentities { get; init; } = true;

    /// <summary>Fold BatchNormalization into its neighbours (<see cref="BatchNormFolding"/>). Default: true.</summary>
    public bool FoldBatchNorm { get; init; } = true;

    /// <summary>
    /// Fold the scaling, shifting and channel order of inputs into the first Conv
    /// (<see cref="InputNormalizationFolding"/>). Default: true.
    /// </summary>
    public bool FoldInputNormalization { get; init; } = true;

    /// <summary>Remove what no output needs (<see cref="DeadNodeRemoval"/>). Default: true.</summary>
    public bool RemoveDeadNodes { get; init; } = true;

    /// <summary>
    /// Convert to 16-bit floats (<see cref="Float16Conversion"/>), after all else. Default: false, because results then
    /// differ by more than rounding in 32 bits.
    /// </summary>
    public bool ConvertToFloat16 { get; init; }

    /// <summary>What stays in 32-bit floats when converting. Default: as in <see cref="Float16ConversionOptions"/>.</summary>
    public Float16ConversionOptions Float16 { get; init; } = new();
}
