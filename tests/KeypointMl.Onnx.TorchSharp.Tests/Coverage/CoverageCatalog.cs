namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Every case, by family.</summary>
internal static class CoverageCatalog
{
    public static IReadOnlyList<CaseFamily> Families { get; } =
    [
        ConvolutionCases.Family,
        LinearCases.Family,
        NormalizationCases.Family,
        ActivationCases.Family,
        PoolingCases.Family,
        PaddingCases.Family,
        UpsampleCases.Family,
        ShapeCases.Family,
        RecurrentCases.Family,
        AttentionCases.Family,
        ArithmeticCases.Family,
        ReductionCases.Family,
        RearrangingCases.Family,
    ];

    public static IEnumerable<ParityCase> Cases => Families.SelectMany(family => family.Cases);

    public static IEnumerable<OptionSpace> Spaces => Families.SelectMany(family => family.Spaces);

    public static IEnumerable<Refusal> Refusals => Families.SelectMany(family => family.Refusals);
}
