using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Attention and transformers (ONNX: MatMul, Softmax, LayerNormalization…), with sequences first: [L,N,E].</summary>
internal static class AttentionConverters
{
    public static OnnxConverterRegistry AddTo(OnnxConverterRegistry registry) => registry
        .With<MultiheadAttention>(Attend)
        .With<TransformerEncoderLayer>((context, module, inputs) => [TransformerStack.Of(context, module).EncodeLayer("", inputs[0], null)])
        .With<TransformerEncoder>(
            (context, module, inputs) => [TransformerStack.Of(context, module).Encode("", inputs[0], Mask(context, inputs, 1, 2))])
        .With<TransformerDecoderLayer>((context, module, inputs) =>
            [TransformerStack.Of(context, module)
                .DecodeLayer("", inputs[0], inputs[1], Mask(context, inputs, 2, 4), Mask(context, inputs, 3, 5))])
        .With<TransformerDecoder>((context, module, inputs) =>
            [TransformerStack.Of(context, module)
                .Decode("", inputs[0], inputs[1], Mask(context, inputs, 2, 4), Mask(context, inputs, 3, 5))])
        .With<Transformer>((context, module, inputs) =>
        {
            TransformerStack stack = TransformerStack.Of(context, module);
            return [stack.Decode("decoder.", inputs[1], stack.Encode("encoder.", inputs[0], null), null, null)];
        });

    private static IReadOnlyList<string> Attend(OnnxExportContext context, MultiheadAttention module, IReadOnlyList<string> inputs)
    {
        Dictionary<string, Tensor> parameters =
            module.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        long width = parameters["out_proj.weight"].shape[0];
        (long keys, long values) = parameters.TryGetValue("k_proj_weight", out Tensor? keyWeight)
            ? (keyWeight.shape[1], parameters["v_proj_weight"].shape[1])
            : (width, width);
        (long heads, bool zero) = HiddenOption.Find(
            context,
            module,
            "number of heads (and add_zero_attn)",
            [.. Divisors(width).SelectMany(heads => new[] { (heads, false), (heads, true) })],
            option => nn.MultiheadAttention(width, option.heads, 0, parameters.ContainsKey("in_proj_bias"),
                parameters.ContainsKey("bias_k"), option.Item2, keys, values),
            (twin, probe) =>
            {
                (Tensor output, Tensor weights) =
                    twin.forward(probe([3, 2, width]), probe([4, 2, keys]), probe([4, 2, values]), null, true, null);
                // An output projection of zeros, as some start with, shows nothing; the weights of the 4 keys still do.
                return cat([output.flatten(), weights.narrow(-1, 0, 4).flatten()]);
            });
        string? bias = Mask(context, inputs, 5, 3);
        (string output, string weights) = new AttentionLayer(context, parameters, "", heads, zero).Write(
            inputs[0], inputs[1], inputs[2], bias);
        return context.OutputCount == 1 ? [output] : [output, Reducing.Reduce(context, "ReduceMean", weights, [1], keepDims: false)];
    }

    /// <summary>The divisors of a width, which numbers of heads are.</summary>
    public static IEnumerable<long> Divisors(long width) =>
        Enumerable.Range(1, (int)width).Select(divisor => (long)divisor).Where(divisor => width % divisor == 0);

    /// <summary>
    /// What an attention's two masks, each of which may be left out, add to its scores: a value that broadcasts to
    /// [N,heads,L,S].
    /// </summary>
    /// <param name="context">The call being written.</param>
    /// <param name="inputs">The values that the call received.</param>
    /// <param name="attention">Which argument is the mask of pairs, [L,S]; libtorch refuses one for each head.</param>
    /// <param name="padding">Which argument is the mask of keys, [N,S].</param>
    private static string? Mask(OnnxExportContext context, IReadOnlyList<string> inputs, int attention, int padding)
    {
        string? bias = null;
        for (int index = 0; index < inputs.Count; index++)
        {
            int position = context.PositionOf(index);
            if (position != attention && position != padding)
                continue;
            if (position == attention && context.InputType(index) == ScalarType.Bool)
            {
                throw context.Error(
                    "its attention mask is of type Bool, whose true libtorch adds to the scores as 1, which masks nothing. "
                    + "Give a mask of numbers: 0 where attention is allowed, and −∞ where it is not.");
            }
            string mask = AttentionMask.Additive(context, inputs[index], context.InputType(index), trueIsAllowed: false);
            long[] axes = position == padding ? [1, 2] : [0, 1];
            mask = context.Node("Unsqueeze", [mask, context.Constant("axes", axes)]);
            bias = bias is null ? mask : context.Node("Add", [bias, mask]);
        }
        return bias;
    }
}
