using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

internal static class AttentionCases
{
    private const long Width = 8;
    private const long Queries = 4;
    private const long Keys = 5;

    private static readonly ParityInput Source = ParityInput.Normal(Queries, ParityInput.Batch, Width);
    private static readonly ParityInput Target = ParityInput.Normal(Keys, ParityInput.Batch, Width);

    public static CaseFamily Family { get; } = new(
        "Attention and transformers",
        [
            new(typeof(TransformerEncoderLayer), "2 heads, ReLU", () => nn.TransformerEncoderLayer(Width, 2, 16), Source),
            new(typeof(TransformerEncoderLayer),
                "4 heads, GELU", () => nn.TransformerEncoderLayer(Width, 4, 16, activation: nn.Activations.GELU), Source),
            new(typeof(TransformerEncoderLayer), "1 head, open length", () => nn.TransformerEncoderLayer(Width, 1, 16),
                ParityInput.Normal(ParityInput.Batch, 2, Width)),
            new(typeof(TransformerEncoder), "2 layers", () => nn.TransformerEncoder(nn.TransformerEncoderLayer(Width, 2, 16), 2), Source),
            Encoder("2 layers, a mask of pairs", (encoder, x) => encoder.call(x[0], x[1], null!), Source, Forbidding(Queries, Queries)),
            Encoder("2 layers, a mask of keys", (encoder, x) => encoder.call(x[0], null!, x[1]), Source,
                ParityInput.Mask(ParityInput.Batch, Queries)),
            Encoder("2 layers, both masks, one of numbers", (encoder, x) => encoder.call(x[0], x[1], x[2]), Source,
                ParityInput.Normal(Queries, Queries), ParityInput.Mask(ParityInput.Batch, Queries)),
            new(typeof(TransformerDecoderLayer), "2 heads, ReLU", () => Randomised.State(nn.TransformerDecoderLayer(Width, 2, 16)),
                Target, Source),
            new(typeof(TransformerDecoderLayer),
                "4 heads, GELU", () => nn.TransformerDecoderLayer(Width, 4, 16, activation: nn.Activations.GELU), Target, Source),
            new(typeof(TransformerDecoder), "2 layers", () => nn.TransformerDecoder(nn.TransformerDecoderLayer(Width, 2, 16), 2),
                Target, Source),
            Decoder("2 layers, all masks", (decoder, x) => decoder.call(x[0], x[1], x[2], x[3], x[4], x[5]), Target, Source,
                Forbidding(Keys, Keys), Forbidding(Keys, Queries), ParityInput.Mask(ParityInput.Batch, Keys),
                ParityInput.Mask(ParityInput.Batch, Queries)),
            Decoder("2 layers, a mask of the memory's keys", (decoder, x) => decoder.call(x[0], x[1], null!, null!, null!, x[2]),
                Target, Source, ParityInput.Mask(ParityInput.Batch, Queries)),
            new(typeof(Transformer), "2 encoders, 1 decoder", () => nn.Transformer(Width, 2, 2, 1, 16), Source, Target),
            new(typeof(Transformer),
                "1 encoder, 2 decoders, GELU", () => nn.Transformer(Width, 4, 1, 2, 16, activation: nn.Activations.GELU), Source, Target),
            Product("plain", false, null),
            Product("causal", true, null),
            Product("a mask of numbers", false, ParityInput.Normal(Queries, Queries)),
            Product("a mask of what is allowed", false,
                new ParityInput([ParityInput.Batch, 1, Queries, Queries], size => rand(size).gt(0.5).logical_or(arange(size[^1]).eq(0)))),
            new(typeof(ScaledDotProductAttention), "[N,L,d], other values", () => new ScaledDotProductAttention("op"),
                new long[] { Queries, 6 }, new long[] { Keys, 6 }, new long[] { Keys, 3 }),
        ],
        [
            new(
                typeof(MultiheadAttention),
                [
                    OptionSpace.Numbers("heads", 2, 1, 4),
                    OptionSpace.Flags("self", true),
                    OptionSpace.Flags("bias", true),
                    OptionSpace.Flags("add_bias_kv", false),
                    OptionSpace.Flags("add_zero_attn", false),
                    OptionSpace.Flags("need_weights", true),
                    OptionSpace.Any("mask", "none", "keys", "pairs", "numbers", "keys and pairs"),
                    OptionSpace.Numbers("kdim and vdim", (int)Width, 6),
                    OptionSpace.Numbers("opset", 17, 18, 21),
                ],
                Attention) { Count = 50 },
        ],
        [
            new(
                typeof(MultiheadAttention),
                "a bool mask of pairs",
                () => Around.Of(nn.MultiheadAttention(Width, 2), 2, (inner, x) => [inner.call(x[0], x[0], x[0], null, false, x[1]).Item1]),
                ParityInput.Normal(Queries, 2, Width),
                ParityInput.Mask(Queries, Queries)),
        ]);

    /// <summary>A mask of pairs by numbers: 0 where attention is allowed, −∞ where it is not.</summary>
    private static ParityInput Forbidding(params long[] shape) =>
        new(shape, size => zeros(size).masked_fill(ParityInput.Mask(size).Make(1), double.NegativeInfinity));

    private static ParityCase? Attention(Choice choice)
    {
        (long heads, bool self, long width) = (choice.Number("heads"), choice.Flag("self"), choice.Number("kdim and vdim"));
        bool weights = choice.Flag("need_weights");
        string mask = choice.Of<string>("mask");
        if (self && width != Width)
            return null;
        long keys = self ? Queries : Keys;
        ParityInput query = ParityInput.Normal(Queries, ParityInput.Batch, Width);
        ParityInput[] sequences = self
            ? [query]
            : [query, ParityInput.Normal(keys, ParityInput.Batch, width), ParityInput.Normal(keys, ParityInput.Batch, width)];
        ParityInput[] masks = mask switch
        {
            "keys" => [ParityInput.Mask(ParityInput.Batch, keys)],
            "pairs" => [Forbidding(Queries, keys)],
            "numbers" => [ParityInput.Normal(Queries, keys)],
            "keys and pairs" => [ParityInput.Mask(ParityInput.Batch, keys), Forbidding(Queries, keys)],
            _ => [],
        };
        return new ParityCase(typeof(MultiheadAttention), choice.Unusual, Create, [.. sequences, .. masks])
        {
            Opsets = [(int)choice.Number("opset")],
        };

        nn.Module Create()
        {
            MultiheadAttention attention =
                nn.MultiheadAttention(
                    Width, heads, 0, choice.Flag("bias"), choice.Flag("add_bias_kv"), choice.Flag("add_zero_attn"), width, width);
            return Around.Of(Randomised.State(attention), sequences.Length + masks.Length, (inner, x) =>
            {
                Tensor[] given = self ? [x[0], x[0], x[0], .. x[1..]] : x;
                Tensor? padding = mask.StartsWith("keys", StringComparison.Ordinal) ? given[3] : null;
                Tensor? pairs = mask is "none" or "keys" ? null : given[^1];
                (Tensor output, Tensor average) = inner.call(given[0], given[1], given[2], padding, weights, pairs);
                return weights ? [output, average] : [output];
            });
        }
    }

    private static ParityCase Encoder(string options, Func<TransformerEncoder, Tensor[], Tensor> call, params ParityInput[] inputs) => new(
        typeof(TransformerEncoder),
        options, () => Around.Of(nn.TransformerEncoder(nn.TransformerEncoderLayer(Width, 2, 16), 2),
            inputs.Length, (encoder, x) => [call(encoder, x)]), inputs);

    private static ParityCase Decoder(string options, Func<TransformerDecoder, Tensor[], Tensor> call, params ParityInput[] inputs) => new(
        typeof(TransformerDecoder),
        options, () => Around.Of(nn.TransformerDecoder(nn.TransformerDecoderLayer(Width, 2, 16), 2),
            inputs.Length, (decoder, x) => [call(decoder, x)]), inputs);

    private static ParityCase Product(string options, bool causal, ParityInput? mask)
    {
        ParityInput sequence = new long[] { 2, Queries, 6 };
        return new ParityCase(typeof(ScaledDotProductAttention), options, () => new ScaledDotProductAttention("op", causal),
            [sequence, sequence, sequence, .. mask is null ? Array.Empty<ParityInput>() : [mask]]);
    }
}
