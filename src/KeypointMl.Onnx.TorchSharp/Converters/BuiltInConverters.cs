namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The converters of TorchSharp's own modules, family by family.</summary>
internal static class BuiltInConverters
{
    private static readonly Func<OnnxConverterRegistry, OnnxConverterRegistry>[] _families =
    [
        ActivationConverters.AddTo,
        AdaptivePoolingConverters.AddTo,
        AttentionConverters.AddTo,
        ConvolutionConverters.AddTo,
        DistanceConverters.AddTo,
        EmbeddingConverters.AddTo,
        LinearConverters.AddTo,
        NormalizationConverters.AddTo,
        PaddingConverters.AddTo,
        PoolingConverters.AddTo,
        RecurrentConverters.AddTo,
        ShapeConverters.AddTo,
        WindowConverters.AddTo,
    ];

    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => _families.Aggregate(registry, (known, add) => add(known));
}
