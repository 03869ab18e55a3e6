namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The converters of TorchSharp's own modules, family by family.</summary>
internal static class BuiltInConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry)
    {
        registry = ActivationConverters.AddTo(registry);
        registry = ConvolutionConverters.AddTo(registry);
        registry = LinearConverters.AddTo(registry);
        registry = NormalizationConverters.AddTo(registry);
        registry = PoolingConverters.AddTo(registry);
        registry = PaddingConverters.AddTo(registry);
        return ShapeConverters.AddTo(registry);
    }
}
