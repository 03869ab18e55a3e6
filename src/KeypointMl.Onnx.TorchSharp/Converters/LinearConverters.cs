using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Linear (ONNX: Gemm for a matrix, MatMul and Add for other ranks) and Embedding (ONNX: Gather).</summary>
internal static class LinearConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<Linear>(Multiply)
        .With<Embedding>((context, module, x) => context.Node("Gather", [context.Parameter("weight", module.weight!), x], ("axis", 0)));

    private static string Multiply(OnnxExportContext context, Linear module, string x)
    {
        if (context.InputShape(0).Length == 2)
        {
            string weight = context.Parameter("weight", module.weight);
            string[] inputs = module.bias is { } added ? [x, weight, context.Parameter("bias", added)] : [x, weight];
            return context.Node("Gemm", inputs, ("transB", 1));
        }
        string product = context.Node("MatMul", [x, context.Parameter("weight_transposed", module.weight.t())]);
        return module.bias is { } bias ? context.Node("Add", [product, context.Parameter("bias", bias)]) : product;
    }
}
