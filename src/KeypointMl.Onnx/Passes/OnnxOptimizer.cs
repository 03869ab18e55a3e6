namespace KeypointMl.Onnx;

/// <summary>
/// Applies graph passes until none finds anything to do. Constants come first, since the others look for stored tensors; identities next, since they stand between what belongs together; then the
/// foldings; then what all of them left over. The conversion to 16-bit floats follows once, when the graph has its final form.
/// </summary>
public static class OnnxOptimizer
{
    /// <summary>Changes a model in place.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Which passes; default <see cref="OnnxOptimizationOptions"/>.</param>
    /// <returns>What each pass did.</returns>
    /// <exception cref="OnnxException">The graph breaks a rule of ONNX (see <see cref="OnnxChecker"/>), or an option names a node that does not exist.</exception>
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

    // Every change removes a node, a tensor or a statement, but for transposes and paddings that take the place of other nodes, so the rounds come to an end.
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
