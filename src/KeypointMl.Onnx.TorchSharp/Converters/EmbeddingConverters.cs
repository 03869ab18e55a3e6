using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Embedding (ONNX: Gather) and EmbeddingBag on bags of one size (ONNX: Gather, and ReduceSum, ReduceMean or ReduceMax).</summary>
internal static class EmbeddingConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<Embedding>((context, module, x) =>
            context.Node("Gather", [Table(context, module.get_parameter("weight")!, module.forward), x], ("axis", 0)))
        .With<EmbeddingBag>(Bag);

    /// <summary>
    /// Stores the rows as a call gives them. max_norm, which TorchSharp does not show, shrinks rows when they are used,
    /// in place: the module gets its own rows back, and the graph the shrunk ones.
    /// </summary>
    private static string Table(OnnxExportContext context, Tensor weight, Func<Tensor, Tensor> look)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor before = weight.clone();
        Tensor rows = look(arange(weight.shape[0], ScalarType.Int64, weight.device)).clone();
        weight.copy_(before);
        return rows.equal(before).all().ToBoolean() ? context.Parameter("weight", weight) : context.Parameter("rows", rows);
    }

    private static IReadOnlyList<string> Bag(OnnxExportContext context, EmbeddingBag module, IReadOnlyList<string> inputs)
    {
        if (context.InputShape(0).Length != 2)
        {
            throw context.Error(
                "its bags are parts of a vector that begin at offsets, which is a loop to ONNX. "
                + "Give bags of one size, as a matrix [N,size].");
        }
        Tensor weight = module.get_parameter("weight")!;
        (EmbeddingBagMode mode, long padding) = OptionsOf(context, module, weight);
        string table = Table(context, weight, indices => module.forward(indices.unsqueeze(1), null, null));
        // [N,size] → [N,size,E]
        string rows = context.Node("Gather", [table, inputs[0]], ("axis", 0));
        if (inputs.Count > 1)
            rows = context.Node("Mul", [rows, context.Node("Unsqueeze", [inputs[1], context.Constant("axes", [2L])])]);
        return [mode == EmbeddingBagMode.Mean && padding >= 0
            ? MeanOfPadded(context, inputs[0], rows, padding, weight.dtype)
            : Pooled(context, mode, padding, rows)];
    }

    private static string Pooled(OnnxExportContext context, EmbeddingBagMode mode, long padding, string rows) => mode switch
    {
        // The padding's row in the table is 0.
        EmbeddingBagMode.Sum => Reducing.Reduce(context, "ReduceSum", rows, [1], keepDims: false),
        EmbeddingBagMode.Mean => Reducing.Reduce(context, "ReduceMean", rows, [1], keepDims: false),
        _ when padding < 0 => Reducing.Reduce(context, "ReduceMax", rows, [1], keepDims: false),
        _ => throw context.Error(
            "it takes the maximum over a bag without its padding, which is not exported. Use mode Sum or Mean, or no padding_index."),
    };

    private static string MeanOfPadded(OnnxExportContext context, string indices, string rows, long padding, ScalarType type)
    {
        string used = context.Node("Not", [context.Node("Equal", [indices, context.Scalar("padding", padding)])]);
        string count = Reducing.Reduce(
            context, "ReduceSum", context.Node("Cast", [used], ("to", ElementTypes.ToOnnx(type))), [1], keepDims: true);
        string divisor = context.Node("Max", [count, context.Parameter("one", ones([], type))]);
        return context.Node("Div", [Reducing.Reduce(context, "ReduceSum", rows, [1], keepDims: false), divisor]);
    }

    private static (EmbeddingBagMode Mode, long Padding) OptionsOf(OnnxExportContext context, EmbeddingBag module, Tensor weight)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        (long count, long width) = (weight.shape[0], weight.shape[1]);
        Tensor before = weight.clone();
        Tensor indices = arange(count, ScalarType.Int64, weight.device);
        Tensor bags = stack([indices, (indices + 1) % count, (indices + 2) % count], 1);
        try
        {
            // In a table without zeros a bag of the padding alone is 0, and no other.
            weight.fill_(1);
            Tensor alone = Alone().abs().sum(1).eq(0).cpu();
            long padding = indices.cpu().masked_select(alone).data<long>().Append(-1).First();
            // The options are told apart by the rows that max_norm has shrunk, which the twins do not do.
            weight.copy_(before);
            Alone();
            return HiddenOption.Find(
                context,
                module,
                "mode and padding_index",
                [.. Enum.GetValues<EmbeddingBagMode>().Select(mode => (mode, padding))],
                option => nn.EmbeddingBag(count, width, mode: option.mode, padding_index: option.padding),
                (twin, _) => twin.forward(bags, null, null));
        }
        finally
        {
            weight.copy_(before);
        }

        Tensor Alone() => module.forward(indices.unsqueeze(1), null, null);
    }
}
