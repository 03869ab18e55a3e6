using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Normalisations, in evaluation mode (ONNX: BatchNormalization, InstanceNormalization, LayerNormalization, LRN).</summary>
internal static class NormalizationConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<BatchNorm1d>(ByRunningStatistics)
        .With<BatchNorm2d>(ByRunningStatistics)
        .With<BatchNorm3d>(ByRunningStatistics)
        .With<InstanceNorm1d>(ByInstance)
        .With<InstanceNorm2d>(ByInstance)
        .With<InstanceNorm3d>(ByInstance)
        .With<GroupNorm>(ByGroup)
        .With<LayerNorm>(ByLayer)
        .With<LocalResponseNorm>(ByNeighbours);

    private static string ByRunningStatistics(OnnxExportContext context, NormBase module, string x)
    {
        if (module.running_mean is not { } mean || module.running_var is not { } variance)
        {
            throw context.Error(
                "it normalises by the statistics of the batch (track_running_stats: "
                + "false), so that an item's result would depend on the items beside it. "
                + "Track running statistics, or use an instance or group normalisation.");
        }
        return context.Node(
            "BatchNormalization",
            [x, Scale(context, module), Shift(context, module), context.Parameter("running_mean", mean),
                context.Parameter("running_var", variance)],
            ("epsilon", module.eps));
    }

    private static string ByInstance(OnnxExportContext context, NormBase module, string x)
    {
        string expected = module switch { InstanceNorm1d => "L", InstanceNorm2d => "H,W", _ => "D,H,W" };
        // Without a batch, rows would be taken for channels wherever there are as many.
        if (context.InputShape(0).Length != expected.Split(',').Length + 2 || context.InputShape(0)[1] != module.num_features)
        {
            throw context.Error(
                $"its input has shape [{string.Join(',', context.InputShape(0))}]; expected [N,{module.num_features},{expected}]. "
                + "Give a batch of one.");
        }
        // In evaluation mode tracked statistics take the place of the instance's own.
        if (module.track_running_stats)
            return ByRunningStatistics(context, module, x);
        return context.Node("InstanceNormalization", [x, Scale(context, module), Shift(context, module)], ("epsilon", module.eps));
    }

    private static string ByGroup(OnnxExportContext context, GroupNorm module, string x)
    {
        if (context.Opset >= 21)
        {
            string weight = context.Parameter("weight", module.affine
                ? module.weight
                : ones(context.InputShape(0)[1], context.InputType(0)));
            string added = context.Parameter("bias", module.affine && module.bias is { } given
                ? given
                : zeros(context.InputShape(0)[1], context.InputType(0)));
            return context.Node("GroupNormalization", [x, weight, added], ("epsilon", module.eps), ("num_groups", module.num_groups));
        }
        // Opset 17 has no group normalisation, and that of opset 18 scales groups, not channels; a group is an instance
        // of one channel: [N,C,…] → [N,G,−1].
        string grouped = context.Node("Reshape", [x, context.Constant("grouped", [0, module.num_groups, -1])]);
        string one = context.Parameter("one", ones(module.num_groups, context.InputType(0)));
        string zero = context.Parameter("zero", zeros(module.num_groups, context.InputType(0)));
        string normal = context.Node("InstanceNormalization", [grouped, one, zero], ("epsilon", module.eps));
        string restored = ShapeNodes.Reshape(context, normal, [], context.InputDimensions(0), shapeOf: x);
        if (!module.affine)
            return restored;
        long[] channel = [-1, .. Enumerable.Repeat(1L, context.InputShape(0).Length - 2)];
        string scaled = context.Node("Mul", [restored, context.Parameter("scale", module.weight.reshape(channel))]);
        return module.bias is { } bias ? context.Node("Add", [scaled, context.Parameter("shift", bias.reshape(channel))]) : scaled;
    }

    private static string ByLayer(OnnxExportContext context, LayerNorm module, string x) =>
        Layer(context, x, module.weight
            ?? ones(module.normalized_shape, context.InputType(0)), module.bias, module.normalized_shape.Length, module.eps);

    /// <summary>Writes a layer normalisation over the last dimensions.</summary>
    public static string Layer(OnnxExportContext context, string x, Tensor weight, Tensor? bias, int rank, double eps)
    {
        string scale = context.Parameter("scale", weight);
        string[] inputs = bias is not null ? [x, scale, context.Parameter("shift", bias)] : [x, scale];
        return context.Node("LayerNormalization", inputs, ("axis", -rank), ("epsilon", eps));
    }

    private static string ByNeighbours(OnnxExportContext context, LocalResponseNorm module, string x)
    {
        long[] shape = context.InputShape(0);
        if (shape.Length == 4 && module.size % 2 == 1)
            return context.Node("LRN", [x], ("alpha", module.alpha), ("beta", module.beta), ("bias", module.k), ("size", module.size));
        // ONNX places a window of even size differently, and ONNX Runtime wants images: x / (k + α · mean of x² over
        // neighbours)^β, the mean over channels as rows, [N,1,C,−1].
        long channels = ShapeNodes.FixedSize(context, 1, "channels");
        string rows = context.Node("Reshape", [context.Node("Mul", [x, x]), context.Constant("rows", [0, 1, channels, -1])]);
        string means = context.Node(
            "AveragePool",
            [rows],
            ("count_include_pad", true),
            ("kernel_shape", (long[])[module.size, 1]),
            ("pads", (long[])[module.size / 2, 0, (module.size - 1) / 2, 0]));
        string restored = ShapeNodes.Reshape(context, means, [], context.InputDimensions(0), shapeOf: x);
        string sum = context.Node(
            "Add", [context.Node("Mul", [restored, context.Scalar("alpha", module.alpha)]), context.Scalar("k", module.k)]);
        return context.Node("Div", [x, context.Node("Pow", [sum, context.Scalar("beta", module.beta)])]);
    }

    private static string Scale(OnnxExportContext context, NormBase module) => module.affine
        ? context.Parameter("weight", module.weight)
        : context.Parameter("one", ones(module.num_features, context.InputType(0)));

    private static string Shift(OnnxExportContext context, NormBase module) => module.bias is { } bias
        ? context.Parameter("bias", bias)
        : context.Parameter("zero", zeros(module.num_features, context.InputType(0)));
}
