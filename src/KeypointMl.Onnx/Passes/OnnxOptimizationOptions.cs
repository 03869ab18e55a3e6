namespace KeypointMl.Onnx;

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

    /// <summary>Fold the scaling, shifting and channel order of inputs into the first Conv (<see cref="InputNormalizationFolding"/>). Default: true.</summary>
    public bool FoldInputNormalization { get; init; } = true;

    /// <summary>Remove what no output needs (<see cref="DeadNodeRemoval"/>). Default: true.</summary>
    public bool RemoveDeadNodes { get; init; } = true;

    /// <summary>Convert to 16-bit floats (<see cref="Float16Conversion"/>), after all else. Default: false, because results then differ by more than rounding in 32 bits.</summary>
    public bool ConvertToFloat16 { get; init; }

    /// <summary>What stays in 32-bit floats when converting. Default: as in <see cref="Float16ConversionOptions"/>.</summary>
    public Float16ConversionOptions Float16 { get; init; } = new();
}
