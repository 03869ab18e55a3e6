using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Linear (ONNX: Gemm for a matrix, MatMul and Add for other ranks) and Bilinear (ONNX: Einsum and Add).</summary>
internal static class LinearConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<Linear>(Multiply)
        .With<Bilinear>((context, module, inputs) =>
        {
            string product = context.Node(
                "Einsum", [inputs[0], context.Parameter("weight", module.weight), inputs[1]], ("equation", "...i,oij,...j->...o"));
            return [module.bias is { } bias ? context.Node("Add", [product, context.Parameter("bias", bias)]) : product];
        });

    /// <summary>Writes x·Wᵀ + b along the last dimension of a value of any rank.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="x">The value, […,in].</param>
    /// <param name="weight">W, [out,in].</param>
    /// <param name="bias">b, [out]; or null.</param>
    /// <param name="hint">What the layer is, for names.</param>
    public static string Project(OnnxExportContext context, string x, Tensor weight, Tensor? bias, string? hint = null)
    {
        string stem = hint is null ? "" : $"{hint}.";
        string product = context.Node("MatMul", [x, context.Parameter($"{stem}weight_transposed", weight.t())]);
        return bias is not null ? context.Node("Add", [product, context.Parameter($"{stem}bias", bias)]) : product;
    }

    private static string Multiply(OnnxExportContext context, Linear module, string x)
    {
        if (context.InputShape(0).Length != 2)
            return Project(context, x, module.weight, module.bias);
        string weight = context.Parameter("weight", module.weight);
        string[] inputs = module.bias is { } added ? [x, weight, context.Parameter("bias", added)] : [x, weight];
        return context.Node("Gemm", inputs, ("transB", 1));
    }
}
