using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp;
using TorchSharp.Modules;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Activations. Where ONNX has the operator it is used; the rest are written out as PyTorch defines them.</summary>
internal static class ActivationConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => AddComposed(AddDirect(registry));

    private static OnnxConverterRegistry AddDirect(OnnxConverterRegistry registry) => registry
        .With<ReLU>((context, _, x) => context.Node("Relu", [x]))
        .With<LeakyReLU>((context, module, x) => context.Node("LeakyRelu", [x], ("alpha", module.negative_slope)))
        .With<RReLU>((context, module, x) => context.Node("LeakyRelu", [x], ("alpha", (module.lower + module.upper) / 2)))
        .With<ELU>((context, module, x) => context.Node("Elu", [x], ("alpha", module.alpha)))
        .With<CELU>((context, module, x) => context.Node("Celu", [x], ("alpha", module.alpha)))
        .With<SELU>((context, _, x) => context.Node("Selu", [x]))
        .With<PReLU>(Prelu)
        .With<Sigmoid>((context, _, x) => context.Node("Sigmoid", [x]))
        .With<LogSigmoid>((context, _, x) => context.Node("Neg", [context.Node("Softplus", [context.Node("Neg", [x])])]))
        .With<Hardsigmoid>((context, _, x) => context.Node("HardSigmoid", [x], ("alpha", 1f / 6), ("beta", 0.5f)))
        .With<Tanh>((context, _, x) => context.Node("Tanh", [x]))
        .With<Hardtanh>(HardTanh)
        .With<ReLU6>((context, _, x) => Clip(context, x, 0, 6))
        .With<Hardswish>((context, _, x) => context.Node("HardSwish", [x]))
        .With<Softsign>((context, _, x) => context.Node("Softsign", [x]))
        .With<Hardshrink>((context, module, x) => context.Node("Shrink", [x], ("bias", 0f), ("lambd", module.lambda)))
        .With<Softshrink>((context, module, x) => context.Node("Shrink", [x], ("bias", module.lambda), ("lambd", module.lambda)))
        .With<Softmax>((context, module, x) => context.Node("Softmax", [x], ("axis", module.dim)))
        .With<Softmax2d>((context, _, x) => context.Node("Softmax", [x], ("axis", -3)))
        .With<Softmin>((context, module, x) => context.Node("Softmax", [context.Node("Neg", [x])], ("axis", module.dim)))
        .With<LogSoftmax>((context, module, x) => context.Node("LogSoftmax", [x], ("axis", module.dim)));

    private static OnnxConverterRegistry AddComposed(OnnxConverterRegistry registry) => registry
        .With<SiLU>((context, _, x) => context.Node("Mul", [x, context.Node("Sigmoid", [x])]))
        .With<GELU>((context, module, x) => Gelu(context, x, module.approximate == GELU.Approximate.tanh))
        .With<Mish>((context, _, x) => context.Node("Mul", [x, context.Node("Tanh", [context.Node("Softplus", [x])])]))
        .With<Softplus>(SoftPlus)
        .With<Tanhshrink>((context, _, x) => context.Node("Sub", [x, context.Node("Tanh", [x])]))
        .With<Threshold>((context, module, x) =>
            context.Node("Where",
                [context.Node("Greater", [x, context.Scalar("threshold", module.threshold)]), x, context.Scalar("value", module.value)]))
        .With<GLU>((context, module, x) =>
        {
            string[] halves = Halve(context, module, x);
            return context.Node("Mul", [halves[0], context.Node("Sigmoid", [halves[1]])]);
        });

    private static string Clip(OnnxExportContext context, string x, double min, double max) =>
        context.Node("Clip", [x, context.Scalar("min", min), context.Scalar("max", max)]);

    private static string HardTanh(OnnxExportContext context, Hardtanh module, string x)
    {
        // TorchSharp 0.107 computes the clamped tensor and returns the unclamped one.
        using torch.Tensor beyond = torch.tensor((float)module.max_val + 1);
        using torch.Tensor clamped = module.forward(beyond);
        return clamped.ToSingle() <= (float)module.max_val
            ? Clip(context, x, module.min_val, module.max_val)
            : throw context.Error(
                "this version of TorchSharp returns the input of Hardtanh unchanged unless it works in place, which a graph "
                + $"that clamps would not agree with. Use inplace: true, or {nameof(Clamp)}.");
    }

    private static string Prelu(OnnxExportContext context, PReLU module, string x)
    {
        // The slope of channel c applies to dimension 1; ONNX broadcasts from the last dimension.
        int trailing = Math.Max(0, context.InputShape(0).Length - 2);
        long[] shape = [module.num_parameters, .. Enumerable.Repeat(1L, module.num_parameters == 1 ? 0 : trailing)];
        return context.Node("PRelu", [x, context.Parameter("slope", module.weight.reshape(shape))]);
    }

    /// <summary>Writes x · Φ(x), exactly or by its approximation with tanh.</summary>
    public static string Gelu(OnnxExportContext context, string x, bool tanh = false)
    {
        if (context.Opset >= 20)
            return context.Node("Gelu", [x], ("approximate", tanh ? "tanh" : "none"));
        string inner = tanh
            ? TanhApproximation(context, x)
            : context.Node("Erf", [context.Node("Mul", [x, context.Scalar("sqrt_half", Math.Sqrt(0.5))])]);
        string twice = context.Node("Mul", [x, context.Node("Add", [inner, context.Scalar("one", 1.0)])]);
        return context.Node("Mul", [twice, context.Scalar("half", 0.5)]);
    }

    private static string TanhApproximation(OnnxExportContext context, string x)
    {
        string cube = context.Node("Mul", [context.Node("Mul", [x, x]), x]);
        string sum = context.Node("Add", [x, context.Node("Mul", [cube, context.Scalar("cubic", 0.044715)])]);
        return context.Node("Tanh", [context.Node("Mul", [sum, context.Scalar("sqrt_2_over_pi", Math.Sqrt(2 / Math.PI))])]);
    }

    private static string SoftPlus(OnnxExportContext context, Softplus module, string x)
    {
        string scaled = module.beta == 1 ? x : context.Node("Mul", [x, context.Scalar("beta", module.beta)]);
        string soft = context.Node("Softplus", [scaled]);
        string curve = module.beta == 1 ? soft : context.Node("Div", [soft, context.Scalar("beta", module.beta)]);
        // Above the threshold PyTorch gives x itself; from about 20 on the two are equal in 32-bit floats.
        return module.threshold >= 20
            ? curve
            : context.Node("Where", [context.Node("Greater", [scaled, context.Scalar("threshold", module.threshold)]), x, curve]);
    }

    private static string[] Halve(OnnxExportContext context, GLU module, string x)
    {
        int axis = ShapeNodes.Axis(module.dim, context.OutputShape(0).Length);
        long half = context.OutputShape(0)[axis];
        if (!context.InputDimensions(0)[axis].IsFixed)
        {
            return context.Opset >= 18
                ? context.Node("Split", [x], 2, ("axis", module.dim), ("num_outputs", 2))
                : context.Node("Split", [x], 2, ("axis", module.dim));
        }
        return ShapeNodes.Split(context, x, module.dim, half, half);
    }
}
